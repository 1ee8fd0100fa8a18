import { collectDefaultMetrics, Registry } from '@prometheus-io/client';
import { Injectable } from '@nestjs/common';
import { RequestDurations } from './request-durations.js';

@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly requestDurations = new RequestDurations(this.registry);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
