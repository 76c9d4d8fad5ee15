/** bench/ has packages of its own, which the project's types do not know. */

declare module 'peerjs';
declare module 'simple-peer';
declare module 'trystero';
