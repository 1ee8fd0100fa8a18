import { Module } from '@nestjs/common';
import { RuntimeModule } from '@repo/runtime/bootstrap';
import { DatabaseModule } from '@repo/runtime/database';
import { config } from './app.config.js';
import { dataSource } from './database/data-source.js';

@Module({
  imports: [
    RuntimeModule.forRoot('depot', config),
    DatabaseModule.forRoot(dataSource(config)),
  ],
})
export class AppModule {}
