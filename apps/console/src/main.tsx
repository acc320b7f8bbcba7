import './app/styles.js';
import './app/nonce.js';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { signInFromAddress } from './api/signing-in.js';
import { ConsoleApp } from './app/console-app.js';

const root = createRoot(document.getElementById('root') ?? document.body);
await signInFromAddress();
root.render(
  <StrictMode>
    <ConsoleApp />
  </StrictMode>,
);
