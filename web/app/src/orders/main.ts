import { mount } from 'svelte';
import OrderPage from './OrderPage.svelte';
import { installLater } from '../installed/later';
import '../app.css';

const target = document.getElementById('app');
if (target === null) throw new Error('order.html holds no element #app.');
mount(OrderPage, { target });
installLater();
