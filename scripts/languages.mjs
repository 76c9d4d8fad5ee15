/**
 * What each language lacks, as `key = English sentence`, for whoever writes it. What is missing is
 * said in English until then. Usage: npm run languages
 */

import { english, translations } from '../test/support/languages.ts';

const sentences = await english();
for (const [code, dictionary] of await translations()) {
  const missing = Object.keys(sentences).filter((key) => !Object.hasOwn(dictionary, key));
  console.log(missing.length === 0 ? `${code}: complete` : `${code}: lacks ${missing.length}`);
  for (const key of missing) console.log(`  ${key} = ${JSON.stringify(sentences[key])}`);
}
