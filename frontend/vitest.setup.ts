import fc from 'fast-check';

// A law that fails is made smaller for at most this long: numbers can be halved for hours.
fc.configureGlobal({ interruptAfterTimeLimit: 20_000 });
