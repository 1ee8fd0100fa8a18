import { stripTypeScriptTypes } from 'node:module';

/** Jest's transform: what Node does with a TypeScript file that it runs. Lines and columns stay as they are. */
export default { process: (source: string) => ({ code: stripTypeScriptTypes(source) }) };
