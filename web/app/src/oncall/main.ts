import { mount } from 'svelte';
import OnCall from './OnCall.svelte';
import '../app.css';
import '../desk.css';

const target = document.getElementById('app');
if (target === null) throw new Error('oncall.html holds no element #app.');
mount(OnCall, { target });
