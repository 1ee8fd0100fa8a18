import { Module } from '@nestjs/common';
import { TiersController } from './tiers.controller.js';
import { TiersRepository } from './tiers.repository.js';
import { TiersService } from './tiers.service.js';

@Module({
  controllers: [TiersController],
  providers: [TiersService, TiersRepository],
  exports: [TiersService],
})
export class TiersModule {}
