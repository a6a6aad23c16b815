import { mount } from 'svelte';
import App from './App.svelte';
import { installLater } from './installed/later';
import './app.css';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html holds no element #app.');
mount(App, { target });
installLater();
