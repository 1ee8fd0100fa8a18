import { NatsClient } from '../nats-client.js';
import { ReplicaBus } from '../replica-bus.js';

// A separate process with a copy. It prints continuously whether its lease is valid, and the copy.
const [url] = process.argv.slice(2);
const nats = new NatsClient({ service: 'other', url: url! });
const bus = new ReplicaBus(nats);
let copy = 'nothing';
bus.listen<string>('topic', { onMessage: (message) => void (copy = message) });
nats.start();
bus.start();
setInterval(() => console.log(JSON.stringify({ leaseValid: bus.leaseValid, copy })), 5);
