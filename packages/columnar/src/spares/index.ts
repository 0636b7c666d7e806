export { giveBuffer, takeBuffer } from './buffers.js';
