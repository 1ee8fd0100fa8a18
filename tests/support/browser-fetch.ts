/**
 * `fetch` as in a browser: it keeps cookies and hides them from scripts. With the origin of a page it sends `Origin`, and
 * rejects responses that the page may not read.
 */
export function browserFetch(origin?: string): (request: Request) => Promise<Response> {
  const jar = new Map<string, string>();
  const { fetch } = globalThis;
  return async (request) => {
    request.headers.set('Cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    if (origin) request.headers.set('Origin', origin);
    const response = await fetch(request);
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    if (origin && response.headers.get('Access-Control-Allow-Origin') !== origin)
      throw new TypeError(`${origin} may not read the response.`);
    const visible = [...response.headers].filter(([name]) => name !== 'set-cookie');
    return new Response(await response.text(), { status: response.status, headers: visible });
  };
}
