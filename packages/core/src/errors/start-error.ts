/** A mistake of the operator that stops the start. Its message has cause, place and remedy, so no stack is shown. */
export class StartError extends Error {}
