import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { SECURITY_SCHEME } from '@repo/auth';
import { Problem } from '@repo/contracts';
import { GLOBAL_PREFIX } from './create-app.js';
import { describeOperations } from './describe-operations.js';
import { describeResponses } from './describe-responses.js';

/** The OpenAPI 3.1 document of one service and further `models`, from decorators. No server is needed. */
export async function describeApi(
  module: DynamicModule,
  { rootPaths = [], models = [] }: { rootPaths?: string[]; models?: Type[] } = {},
): Promise<OpenAPIObject> {
  const nest = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    preview: true,
    logger: ['error'],
    abortOnError: false,
  });
  nest.setGlobalPrefix(GLOBAL_PREFIX, { exclude: rootPaths });
  const info = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .addOAuth2(
      { type: 'oauth2', flows: { password: { tokenUrl: `/${GLOBAL_PREFIX}/login`, scopes: {} } } },
      SECURITY_SCHEME,
    )
    .build();
  const document = SwaggerModule.createDocument(nest, info, {
    extraModels: [Problem, ...models],
    operationIdFactory: (controller, method) =>
      `${controller.replace(/Controller$/, '').replace(/^./, (first) => first.toLowerCase())}_${method}`,
  });
  describeOperations(document);
  describeResponses(document);
  return document;
}
