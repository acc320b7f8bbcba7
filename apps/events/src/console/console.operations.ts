import { type ApiAnswer, type ApiParameter, jsonAnswer, type Operations } from '@tidings/openapi';

const TAG = 'Console';

const PAGE: ApiAnswer = {
  description: 'The page.',
  content: { 'text/html': { schema: { type: 'string' }, example: '<!doctype html>' } },
};
const UNBUILT: ApiAnswer = { ...PAGE, description: 'It is being built; try again in a moment.' };

const CONFIG = {
  name: { type: 'string' },
  version: { type: 'string' },
  public_url: { type: ['string', 'null'] },
};

const pathParameter = (name: string, description: string, example: string): ApiParameter => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
  example,
});

/** The routes of the web console. */
export const CONSOLE_OPERATIONS: Operations = {
  'GET /console': { tag: TAG, summary: 'The web console.', answers: { 200: PAGE, 503: UNBUILT } },
  'GET /console/*': {
    tag: TAG,
    summary: 'The web console at one of its screens.',
    parameters: [pathParameter('path', 'The screen’s address.', 'sources')],
    answers: { 200: PAGE, 503: UNBUILT },
    errors: ['not_found'],
  },
  'GET /console/assets/:file': {
    tag: TAG,
    summary: 'A file of the web console.',
    parameters: [pathParameter('file', 'Its name, with the hash of its content.', 'index-C0FFEE00.js')],
    answers: {
      200: {
        description: 'The file, which never changes.',
        content: { '*/*': { schema: { type: 'string' }, example: '' } },
      },
    },
    errors: ['not_found'],
  },
  'GET /console/config.json': {
    tag: TAG,
    summary: 'What the web console knows before anybody has signed in.',
    answers: {
      200: jsonAnswer(
        'Name and version, and the URL of TIDINGS_PUBLIC_URL.',
        { type: 'object', required: Object.keys(CONFIG), properties: CONFIG },
        { name: 'Tidings', version: '0.1.0', public_url: null },
      ),
    },
  },
};
