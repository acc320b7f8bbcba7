import { expect, it } from 'vitest';
import { withWholeNames } from './whole-names.js';

const NAME = 'crn:v1:bluemix:public:secrets-manager:us-south:a/0123:abcd::';
const WHOLE = 'crn:v1:bluemix:public:secrets-manager:us-south:a%2F0123:abcd::';

it.each([
  [`/x/sources/${NAME}`, `/x/sources/${WHOLE}`],
  [`/x/sources/${NAME}/metrics?from=a/b`, `/x/sources/${WHOLE}/metrics?from=a/b`],
  [`/x/topics/t/sources/${NAME}`, `/x/topics/t/sources/${WHOLE}`],
  [`/x/sources/${encodeURIComponent(NAME)}`, `/x/sources/${encodeURIComponent(NAME)}`],
  [`/x/sources/${WHOLE}`, `/x/sources/${WHOLE}`],
  [`/x?name=/${NAME}`, `/x?name=/${NAME}`],
  ['/x/sources/crn:a/', '/x/sources/crn:a/'],
  ['/x/crn:v1/sources', '/x/crn:v1/sources'],
])('%s is %s', (url, whole) => {
  expect(withWholeNames(url)).toBe(whole);
});
