/** A change of a file that people edit too, and the inverse of that change. */
export interface Edit {
  file: string;
  apply(text: string): string;
  revert(text: string): string;
}

/** The place of inserted lines: after the last block, or before the first line, that matches; or at the end of a block. */
type Position = { after: RegExp } | { before: RegExp } | { endOf: RegExp };

/**
 * Inserts lines. The inverse removes each block that begins with one of the least indented of these lines; a comment
 * may follow on that line.
 */
export function insertion(file: string, text: string, position: Position): Edit {
  const inserted = text.split('\n').filter(Boolean);
  const depth = Math.min(...inserted.map(indentation));
  const heads = inserted.filter((line) => indentation(line) === depth && !isClosing(line));
  return {
    file,
    apply(current) {
      const lines = current.split('\n');
      lines.splice(indexFor(position, lines), 0, ...text.split('\n'));
      return lines.join('\n');
    },
    revert: (current) =>
      removeBlocks(current, (line) => heads.some((head) => line === head || line.startsWith(`${head} `))),
  };
}

/**
 * Adds an item to the list or object whose opening bracket `opening` ends with: before the first item for which
 * `isNext` holds, else at the end. An item that is there already is not added. The result has to be formatted.
 */
export function listItem(
  file: string,
  opening: RegExp,
  item: string,
  isNext: (other: string) => boolean = () => false,
): Edit {
  return {
    file,
    apply: (text) =>
      changeList(text, opening, (items) => {
        if (items.includes(item)) return items;
        const next = items.findIndex(isNext);
        return items.toSpliced(next < 0 ? items.length : next, 0, item);
      }),
    revert: (text) => changeList(text, opening, (items) => items.filter((other) => other !== item)),
  };
}

/** Only removes: the blocks that begin with a matching line. Other generators, or people, wrote them. */
export function removal(file: string, pattern: RegExp): Edit {
  return {
    file,
    apply: (text) => text,
    revert: (text) => removeBlocks(text, (line) => pattern.test(line)),
  };
}

/** An edit that several owners need: it changes nothing in either direction while another owner needs it. */
export function shared(edit: Edit, isNeeded: (text: string) => boolean): Edit {
  return {
    file: edit.file,
    apply: (text) => (isNeeded(text) ? text : edit.apply(text)),
    revert: (text) => (isNeeded(text) ? text : edit.revert(text)),
  };
}

function indexFor(position: Position, lines: string[]): number {
  const [kind, pattern] = Object.entries(position)[0] as [string, RegExp];
  const first = lines.findIndex((line) => pattern.test(line));
  if (first < 0) throw new Error(`No line matches ${pattern}.`);
  if (kind === 'before') return first;
  if (kind === 'endOf') return endOfBlock(lines, first) - 1;
  const last = lines.findLastIndex((line) => pattern.test(line));
  return endOfBlock(lines, last);
}

/** Removes blocks; of the empty lines around a block at most one stays. */
function removeBlocks(text: string, isHead: (line: string) => boolean): string {
  const lines = text.split('\n');
  for (let start = lines.length - 1; start >= 0; start--) {
    if (!isHead(lines[start] ?? '')) continue;
    let count = endOfBlock(lines, start) - start;
    const isEmptyBelow = lines[start + count] === '' && start + count < lines.length - 1;
    if (isEmptyBelow && isFirstOfItsDepth(lines, start)) count++;
    lines.splice(start, count);
  }
  return lines.join('\n');
}

/** The index after a block: a line, the deeper lines below it, and the bracket that closes it. */
function endOfBlock(lines: string[], start: number): number {
  const depth = indentation(lines[start] ?? '');
  let end = start + 1;
  while (end < lines.length && (lines[end] === '' || indentation(lines[end] ?? '') > depth)) end++;
  while (lines[end - 1] === '') end--;
  const closing = lines[end] ?? '';
  const opens = end > start + 1 || /[[({]$/.test(lines[start] ?? '');
  return opens && isClosing(closing) && indentation(closing) === depth ? end + 1 : end;
}

/** Whether no line of the same depth is directly above; a heading may be. */
function isFirstOfItsDepth(lines: string[], index: number): boolean {
  const above = lines[index - 1] ?? '';
  return above === '' || above.startsWith('#') || indentation(above) < indentation(lines[index] ?? '');
}

const isClosing = (line: string): boolean => /^\s*[\]})]/.test(line);

const indentation = (line: string): number => line.length - line.trimStart().length;

function changeList(text: string, opening: RegExp, change: (items: string[]) => string[]): string {
  const found = opening.exec(text);
  if (!found) throw new Error(`No list matches ${opening}.`);
  const start = found.index + found[0].length;
  const items = itemsFrom(text, start);
  const end = start + items.join(',').length;
  // A line break after the bracket of an object makes the formatter keep one line per property.
  const margin = /^\s*/.exec(text.slice(start, end))?.[0] ?? '';
  const changed = change(items.map((item) => item.trim()).filter(Boolean));
  return `${text.slice(0, start)}${margin}${changed.join(', ')}${margin && '\n'}${text.slice(end)}`;
}

/** The texts between the commas outside of inner brackets, up to the closing bracket. */
function itemsFrom(text: string, start: number): string[] {
  const items = [''];
  let depth = 0;
  for (const character of text.slice(start)) {
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character) && depth-- === 0) return items;
    if (character === ',' && depth === 0) items.push('');
    else items.push(`${items.pop()}${character}`);
  }
  throw new Error('A list has no end.');
}
