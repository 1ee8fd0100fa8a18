import { NatsClient } from '../nats-client.js';
import { ReplicaBus } from '../replica-bus.js';

/** A process of its own that keeps a copy and says, again and again, whether it trusts it and what it holds. */
const [url] = process.argv.slice(2);
const nats = new NatsClient({ service: 'other', url: url! });
const bus = new ReplicaBus(nats, 'other');
let copy = 'nothing';
bus.listen<string>('topic', { onMessage: (message) => void (copy = message) });
nats.start();
bus.start();
setInterval(() => console.log(JSON.stringify({ leaseValid: bus.leaseValid, copy })), 5);
