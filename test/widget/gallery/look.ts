/** How the page around the chat looks: constructed, because its policy allows no style sheet. */

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  html {
    color-scheme: light dark;
    font-family: Inter, "Inter Variable", system-ui, "Liberation Sans", sans-serif;
  }
  body {
    margin: 0;
    background: light-dark(#f7f4ee, #1b1a18);
    color: light-dark(#2b2620, #d8d3ca);
  }
  main {
    max-width: 25em; /* beside the bubble, not under it */
    padding: 48px;
    line-height: 1.6;
  }
  html[data-theme="light"] {
    color-scheme: light;
  }
  html[data-theme="dark"] {
    color-scheme: dark;
  }
`);
document.adoptedStyleSheets = [sheet];
