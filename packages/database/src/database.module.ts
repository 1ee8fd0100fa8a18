import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { PostgresOptions } from './data-source-options.js';
import { Database } from './transaction.js';

/** Connects a service to its schema: `DatabaseModule.forRoot(dataSource.options)`. */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot(options: PostgresOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRoot({
          ...options,
          // A database that starts later than its services is normal; orchestrators watch readiness meanwhile.
          retryAttempts: 60,
          retryDelay: 500,
          poolErrorHandler: () => undefined,
        }),
      ],
      providers: [Database],
      exports: [Database],
    };
  }
}
