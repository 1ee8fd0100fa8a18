/* Starts the page that is open: the interactive documentation at /docs, or the reading one at /redoc. */
if (document.getElementById('docs')) {
  window.SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#docs',
    deepLinking: true,
    persistAuthorization: true,
    validatorUrl: null, // it would ask another host
  });
} else {
  window.Redoc.init('/openapi.json', { disableSearch: false }, document.getElementById('redoc'));
}
