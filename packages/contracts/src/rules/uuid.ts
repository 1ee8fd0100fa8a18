/** Whether Postgres would take the text for a `uuid`: an id that it would not names nothing. */
export function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}
