// The icons in use (lucide, ISC), as shapes; the build takes only these.
import archive from 'lucide:archive';
import arrow_down from 'lucide:arrow-down';
import arrow_left from 'lucide:arrow-left';
import arrow_up from 'lucide:arrow-up';
import check from 'lucide:check';
import chevron_down from 'lucide:chevron-down';
import chevron_left from 'lucide:chevron-left';
import chevron_right from 'lucide:chevron-right';
import chevron_up from 'lucide:chevron-up';
import copy from 'lucide:copy';
import download from 'lucide:download';
import ellipsis from 'lucide:ellipsis';
import ellipsis_vertical from 'lucide:ellipsis-vertical';
import eye from 'lucide:eye';
import file from 'lucide:file';
import file_archive from 'lucide:file-archive';
import file_code from 'lucide:file-code';
import file_spreadsheet from 'lucide:file-spreadsheet';
import file_text from 'lucide:file-text';
import folder from 'lucide:folder';
import folder_input from 'lucide:folder-input';
import folder_open from 'lucide:folder-open';
import folder_plus from 'lucide:folder-plus';
import folder_up from 'lucide:folder-up';
import hard_drive from 'lucide:hard-drive';
import history from 'lucide:history';
import image from 'lucide:image';
import info from 'lucide:info';
import key from 'lucide:key-round';
import keyboard from 'lucide:keyboard';
import languages from 'lucide:languages';
import layout_grid from 'lucide:layout-grid';
import link from 'lucide:link';
import list from 'lucide:list';
import list_checks from 'lucide:list-checks';
import log_out from 'lucide:log-out';
import menu from 'lucide:menu';
import monitor from 'lucide:monitor';
import moon from 'lucide:moon';
import music from 'lucide:music';
import pause from 'lucide:pause';
import pencil from 'lucide:pencil';
import play from 'lucide:play';
import plus from 'lucide:plus';
import presentation from 'lucide:presentation';
import refresh from 'lucide:refresh-cw';
import restore from 'lucide:archive-restore';
import scroll_text from 'lucide:scroll-text';
import search from 'lucide:search';
import server from 'lucide:server';
import settings from 'lucide:settings-2';
import smartphone from 'lucide:smartphone';
import sun from 'lucide:sun';
import trash from 'lucide:trash-2';
import triangle_alert from 'lucide:triangle-alert';
import circle_check from 'lucide:circle-check';
import upload from 'lucide:upload';
import user from 'lucide:user-round';
import users from 'lucide:users-round';
import video from 'lucide:film';
import undo from 'lucide:undo-2';
import warehouse from 'lucide:warehouse';
import wifi_off from 'lucide:wifi-off';
import x from 'lucide:x';

export const icons = {
    archive, arrow_down, arrow_left, arrow_up, check, chevron_down, chevron_left, chevron_right, chevron_up, circle_check, copy, download, ellipsis, ellipsis_vertical, eye, file,
    file_archive, file_code, file_spreadsheet, file_text, folder, folder_input, folder_open, folder_plus, folder_up, hard_drive, history, image, info, key, keyboard, languages,
    layout_grid, link, list, list_checks, log_out, menu, monitor, moon, music, pause, pencil, play, plus, presentation, refresh, restore, scroll_text, search, server, settings, smartphone, sun,
    trash, triangle_alert, undo, upload, user, users, video, warehouse, wifi_off, x,
};

export type IconName = keyof typeof icons;
