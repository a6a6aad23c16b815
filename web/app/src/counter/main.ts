import { mount } from 'svelte';
import Counter from './Counter.svelte';
import '../app.css';
import '../desk.css';

const target = document.getElementById('app');
if (target === null) throw new Error('counter.html holds no element #app.');
mount(Counter, { target });
