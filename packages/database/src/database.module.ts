import { type DynamicModule, Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { PostgresOptions } from './data-source-options.js';
import { asUnavailable } from './database-errors.js';
import { Database } from './transaction.js';

/** Connects a service to its schema: `DatabaseModule.forRoot(dataSource(config))`. */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot(options: PostgresOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRoot({
          ...options,
          // PostgreSQL may start later than the services. A wrong password stays wrong.
          toRetry: (error) => asUnavailable(error) !== undefined,
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
