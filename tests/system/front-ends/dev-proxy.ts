import http from 'node:http';

/** A development server: serves the page, and forwards `/api` to the gateway, so that both have one origin. */
export function createDevServer(gatewayUrl: string, page: string): http.Server {
  return http.createServer((request, response) => {
    const { method, headers, url = '/' } = request;
    if (!url.startsWith('/api/')) {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
      return;
    }
    // `headers` keeps the Host of the browser. With the host of the gateway (`changeOrigin` in other proxies), the login of a
    // page looks like one from another site.
    const forwarded = http.request(new URL(url, gatewayUrl), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.writeHead(502).end());
    request.pipe(forwarded);
  });
}
