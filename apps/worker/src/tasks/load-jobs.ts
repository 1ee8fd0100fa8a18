import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Type } from '@nestjs/common';
import { INJECTABLE_WATERMARK } from '@nestjs/common/constants.js';

/** Imports the files of a folder. @returns their injectable classes */
export async function loadJobs(folder: string): Promise<Type[]> {
  const files = (await readdir(folder)).filter((file) => /(?<!\.spec)\.js$/.test(file)).sort();
  const modules = await Promise.all(
    files.map((file): Promise<object> => import(pathToFileURL(join(folder, file)).href)),
  );
  const exported = modules.flatMap((module) => Object.values(module) as unknown[]);
  return exported.filter((value): value is Type => typeof value === 'function' && isInjectable(value));
}

function isInjectable(value: object): boolean {
  return Reflect.hasMetadata(INJECTABLE_WATERMARK, value);
}
