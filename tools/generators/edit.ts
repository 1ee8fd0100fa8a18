// @ts-check
// Edits of files that people edit too: by lines, and such that what was put in can be taken out again.

/**
 * Puts lines after the last one that matches.
 *
 * @param {string} text
 * @param {RegExp} pattern
 * @param {string} lines
 */
export function insertAfterLast(text, pattern, lines) {
  const all = text.split('\n');
  const index = all.findLastIndex((line) => pattern.test(line));
  if (index < 0) throw new Error(`There is no line like ${pattern}.`);
  return [...all.slice(0, index + 1), ...lines.split('\n'), ...all.slice(index + 1)].join('\n');
}

/**
 * Puts lines before the first one that matches.
 *
 * @param {string} text
 * @param {RegExp} pattern
 * @param {string} lines
 */
export function insertBeforeFirst(text, pattern, lines) {
  const all = text.split('\n');
  const index = all.findIndex((line) => pattern.test(line));
  if (index < 0) throw new Error(`There is no line like ${pattern}.`);
  return [...all.slice(0, index), ...lines.split('\n'), ...all.slice(index)].join('\n');
}

/**
 * Puts a line among those that match and are in order.
 *
 * @param {string} text
 * @param {RegExp} pattern
 * @param {string} line
 */
export function insertInOrder(text, pattern, line) {
  const next = text.split('\n').find((other) => pattern.test(other) && other > line);
  if (!next) return insertAfterLast(text, pattern, line);
  return text.replace(next, () => `${line}\n${next}`);
}

/**
 * Puts lines after the whole block that the last matching line begins.
 *
 * @param {string} text
 * @param {RegExp} pattern
 * @param {string} lines
 */
export function insertAfterLastBlock(text, pattern, lines) {
  const all = text.split('\n');
  const start = all.findLastIndex((line) => pattern.test(line));
  if (start < 0) throw new Error(`There is no line like ${pattern}.`);
  const end = endOfBlock(all, start);
  return [...all.slice(0, end), ...lines.split('\n'), ...all.slice(end)].join('\n');
}

/**
 * Takes out every line that matches, each with the block that it begins: the deeper lines below it, and the line
 * that closes it. Of the empty lines around it at most one stays.
 *
 * @param {string} text
 * @param {RegExp} pattern
 */
export function removeBlocks(text, pattern) {
  const all = text.split('\n');
  for (let index = all.length - 1; index >= 0; index--) {
    if (!pattern.test(all[index] ?? '')) continue;
    let count = endOfBlock(all, index) - index;
    const emptyBelow = all[index + count] === '' && index + count < all.length - 1;
    if (emptyBelow && isFirst(all, index)) count++;
    all.splice(index, count);
  }
  return all.join('\n');
}

/**
 * Gives each module that a module imports a line of its own; formatting puts few of them into one.
 *
 * @param {string} text
 */
export function importsByLine(text) {
  return text.replace(
    /^ {2}imports: \[(.+)\],$/m,
    (_, list) => `  imports: [\n    ${list.replace(/, (?=[A-Z]\w*Module\b)/g, ',\n    ')},\n  ],`,
  );
}

/**
 * Puts a name into the list that the pattern finds: its first group is what stands before the list, its second the
 * list.
 *
 * @param {string} text
 * @param {RegExp} pattern
 * @param {string} item
 * @param {string} [separator]
 */
export function addToList(text, pattern, item, separator = ', ') {
  if (!pattern.test(text)) throw new Error(`There is no list like ${pattern}.`);
  return text.replace(
    pattern,
    (_, before, list) => `${before}${[list, item].filter(Boolean).join(separator)}`,
  );
}

/**
 * @param {string} text
 * @param {RegExp} pattern as for `addToList`
 * @param {string} item
 * @param {string} [separator]
 */
export function removeFromList(text, pattern, item, separator = ', ') {
  return text.replace(pattern, (_, before, list) => {
    const items = list.split(separator.trim()).map((/** @type {string} */ entry) => entry.trim());
    return `${before}${items.filter((/** @type {string} */ entry) => entry !== item).join(separator)}`;
  });
}

/**
 * Takes out what is there for a service alone: between a comment `#region only with posts`, which may name others too
 * (`only with posts, jobs`), and the next `#endregion`.
 *
 * @param {string} text
 * @param {string} name
 */
export function removeRegions(text, name) {
  const comment = (/** @type {string} */ words) => `[ \\t]*(?://|#|<!--) #${words}(?: -->)?\\n`;
  const start = comment(`region only with (?:[\\w-]+, )*${name}(?:, [\\w-]+)*`);
  const region = new RegExp(`^${start}[^]*?^${comment('endregion')}\\n?`, 'gm');
  return text.replace(region, (found, at) =>
    found.endsWith('\n\n') && !/(^|\n\n)$/.test(text.slice(0, at)) ? '\n' : '',
  );
}

/** Whether nothing of the same depth stands right above; a heading may. @param {string[]} lines @param {number} index */
function isFirst(lines, index) {
  const above = lines[index - 1] ?? '';
  return above === '' || above.startsWith('#') || indentation(above) < indentation(lines[index] ?? '');
}

/** @param {string[]} lines @param {number} start @returns {number} the index after the block */
function endOfBlock(lines, start) {
  const depth = indentation(lines[start] ?? '');
  let end = start + 1;
  while (end < lines.length && (lines[end] === '' || indentation(lines[end] ?? '') > depth)) end++;
  while (lines[end - 1] === '') end--;
  const closing = end > start + 1 && /^\s*[\]})]/.test(lines[end] ?? '');
  return closing && indentation(lines[end] ?? '') === depth ? end + 1 : end;
}

/** @param {string} line */
const indentation = (line) => line.length - line.trimStart().length;
