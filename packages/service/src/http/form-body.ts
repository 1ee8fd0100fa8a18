import multipart from '@fastify/multipart';
import { RouteConfig } from '@nestjs/platform-fastify';
import { AppError, InvalidInputError } from '@repo/core';
import type { FastifyInstance } from 'fastify';

const FORM_TYPES = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

/** Makes a route accept a form (urlencoded or multipart) instead of JSON. */
export const FormBody = () => RouteConfig({ body: 'form' });

/** Makes a route ignore the body, unless the setting of that name is true. */
export const NoBody = ({ unless }: { unless?: string } = {}) => RouteConfig({ body: 'none', unless });

/** Parses forms on routes with `@FormBody()`. On other routes a form is 415. */
export function registerFormBody(fastify: FastifyInstance, settings: object): void {
  void fastify.register(multipart, {
    attachFieldsToBody: 'keyValues',
    limits: { files: 0, fields: 20, fieldSize: 8_192, parts: 20 },
  });
  fastify.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      const form: Record<string, string> = {};
      for (const [name, value] of new URLSearchParams(body as string)) {
        if (name in form) {
          const msg = 'Each field of the form is given once';
          return done(new InvalidInputError({ loc: ['body', name], type: 'value_error', msg }));
        }
        form[name] = value;
      }
      done(null, form);
    },
  );
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { body: wanted, unless = '' } = request.routeOptions.config as { body?: string; unless?: string };
    const type = request.headers['content-type'];
    if (wanted === 'none' && !(settings as Record<string, unknown>)[unless]) {
      for (const header of ['content-type', 'content-length', 'transfer-encoding'])
        delete request.headers[header];
      return done();
    }
    const isForm = type !== undefined && FORM_TYPES.test(type);
    const mismatch = wanted === 'form' ? type !== undefined && !isForm : isForm;
    done(mismatch && !request.is404 ? new AppError(415, 'Unsupported Media Type') : undefined);
  });
}
