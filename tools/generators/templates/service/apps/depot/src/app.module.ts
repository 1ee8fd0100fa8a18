import { Module } from '@nestjs/common';
import { DatabaseModule } from '@repo/database';
import { ServiceModule } from '@repo/service';
import { config } from './app.config.js';
import { dataSource } from './database/data-source.js';

@Module({
  imports: [
    ServiceModule.forRoot('depot', config),
    DatabaseModule.forRoot(dataSource(config)),
  ],
})
export class AppModule {}
