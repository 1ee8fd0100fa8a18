import { type DynamicModule, Module } from '@nestjs/common';
import { DatabaseModule } from '@repo/database';
import { ServiceModule } from '@repo/service';
import type { DepotConfig } from './app.config.js';
import { dataSource } from './database/data-source.js';

@Module({})
export class AppModule {
  static forRoot(config: DepotConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot(config),
        DatabaseModule.forRoot(dataSource(config)),
      ],
    };
  }
}
