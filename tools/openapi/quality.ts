// @ts-check
// What every operation owes its reader.
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/** @typedef {Record<string, any>} Json */

/**
 * @param {Json} document  an OpenAPI document
 * @returns {string[]} a sentence for each thing that is missing
 */
export function missing({ paths }) {
  /** @type {string[]} */
  const sentences = [];
  /** @type {Map<string, string>} */
  const ids = new Map();
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const route = `${method.toUpperCase()} ${path}`;
      const { summary, tags, operationId, responses = {} } = item[method];
      if (!summary)
        sentences.push(`${route} has no summary: say with @ApiOperation({ summary }) what it does.`);
      if (tags?.length !== 1) sentences.push(`${route} needs one tag: give its controller @ApiTags().`);
      if (ids.has(operationId)) sentences.push(`${route} has the operationId of ${ids.get(operationId)}.`);
      ids.set(operationId, route);
      for (const [status, { content }] of Object.entries(responses))
        if (!Object.values(content ?? {}).every(({ schema }) => schema) || !content)
          sentences.push(`${route} does not say what comes with ${status}: @ApiOkResponse({ type }).`);
    }
  }
  return sentences;
}
