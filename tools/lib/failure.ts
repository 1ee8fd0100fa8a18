// @ts-check

/** Something a person can act on: one sentence with the cause and the way out, and perhaps the lines that show it. */
export class Failure extends Error {
  /**
   * @param {string} sentence
   * @param {{ details?: string, cause?: unknown }} [options]
   */
  constructor(sentence, { details = '', cause } = {}) {
    super(sentence, { cause });
    this.name = 'Failure';
    this.details = details.trimEnd();
  }
}

/** The work was given up because the user, or the failure of something else, asked for it. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted.');
    this.name = 'Interrupted';
  }
}
