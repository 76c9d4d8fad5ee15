/** Every scene on one page, each in a frame of its own, in the theme and language one chooses. */

import { LANGUAGES } from '../../../widget/languages/languages.js';
import { SCENES } from './scenes.js';

const place = document.querySelector('#scenes');
const [theme, lang] = ['theme', 'lang'].map((id) =>
  document.querySelector<HTMLSelectElement>(`#${id}`),
);
if (!place || !theme || !lang) throw new Error('the page is not the gallery’s');

lang.append(...Object.keys(LANGUAGES).map((code) => new Option(code)));
const frames = Object.entries(SCENES).map(([name, { size }]) => {
  const figure = document.createElement('figure');
  const caption = document.createElement('figcaption');
  const frame = document.createElement('iframe');
  figure.className = size ?? '';
  caption.textContent = name;
  frame.title = name;
  frame.loading = 'lazy';
  figure.append(caption, frame);
  place.append(figure);
  return { name, frame };
});

function show(): void {
  for (const { name, frame } of frames) {
    const query = new URLSearchParams({
      scene: name,
      theme: theme?.value ?? '',
      lang: lang?.value ?? '',
    });
    frame.src = `/?${query}`;
  }
}
theme.addEventListener('change', show);
lang.addEventListener('change', show);
show();
