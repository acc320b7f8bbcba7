import { importRules } from './tools/import-rules.mjs';

export default importRules(import.meta.dirname);
