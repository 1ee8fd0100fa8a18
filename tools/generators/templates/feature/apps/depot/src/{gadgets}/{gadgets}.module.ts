import { Module } from '@nestjs/common';
import { GadgetsController } from './{gadgets}.controller.js';
import { GadgetsConsumer } from './{gadgets}.consumer.js';
import { GadgetsRepository } from './{gadgets}.repository.js';
import { GadgetsService } from './{gadgets}.service.js';

@Module({
  controllers: [GadgetsController, GadgetsConsumer],
  providers: [GadgetsService, GadgetsRepository],
})
export class GadgetsModule {}
