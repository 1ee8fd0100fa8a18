import { Module } from '@nestjs/common';
import { GadgetsController } from './{gadgets}.controller.js';
import { GadgetsMessages } from './{gadgets}.messages.js';
import { GadgetsRepository } from './{gadgets}.repository.js';
import { GadgetsService } from './{gadgets}.service.js';

@Module({
  controllers: [GadgetsController, GadgetsMessages],
  providers: [GadgetsService, GadgetsRepository],
})
export class GadgetsModule {}
