import { mount } from 'svelte';
import { installLater } from '../installed/later';
import ReservePage from './ReservePage.svelte';
import '../app.css';
import './reserve.css';

const target = document.getElementById('app');
if (target === null) throw new Error('reserve.html holds no element #app.');
mount(ReservePage, { target });
installLater();
