// The icons that the app uses (lucide, ISC); only these are bundled.
import archive from 'lucide:archive';
import arrowDown from 'lucide:arrow-down';
import arrowLeft from 'lucide:arrow-left';
import arrowUp from 'lucide:arrow-up';
import check from 'lucide:check';
import chevronDown from 'lucide:chevron-down';
import chevronLeft from 'lucide:chevron-left';
import chevronRight from 'lucide:chevron-right';
import chevronUp from 'lucide:chevron-up';
import copy from 'lucide:copy';
import download from 'lucide:download';
import ellipsis from 'lucide:ellipsis';
import ellipsisVertical from 'lucide:ellipsis-vertical';
import eye from 'lucide:eye';
import file from 'lucide:file';
import fileArchive from 'lucide:file-archive';
import fileCode from 'lucide:file-code';
import fileSpreadsheet from 'lucide:file-spreadsheet';
import fileText from 'lucide:file-text';
import folder from 'lucide:folder';
import folderInput from 'lucide:folder-input';
import folderOpen from 'lucide:folder-open';
import folderPlus from 'lucide:folder-plus';
import folderUp from 'lucide:folder-up';
import hardDrive from 'lucide:hard-drive';
import history from 'lucide:history';
import image from 'lucide:image';
import info from 'lucide:info';
import key from 'lucide:key-round';
import keyboard from 'lucide:keyboard';
import languages from 'lucide:languages';
import layoutGrid from 'lucide:layout-grid';
import link from 'lucide:link';
import list from 'lucide:list';
import listChecks from 'lucide:list-checks';
import logOut from 'lucide:log-out';
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
import scrollText from 'lucide:scroll-text';
import search from 'lucide:search';
import server from 'lucide:server';
import settings from 'lucide:settings-2';
import smartphone from 'lucide:smartphone';
import sun from 'lucide:sun';
import trash from 'lucide:trash-2';
import triangleAlert from 'lucide:triangle-alert';
import circleCheck from 'lucide:circle-check';
import upload from 'lucide:upload';
import user from 'lucide:user-round';
import users from 'lucide:users-round';
import video from 'lucide:film';
import undo from 'lucide:undo-2';
import warehouse from 'lucide:warehouse';
import wifiOff from 'lucide:wifi-off';
import x from 'lucide:x';

export const icons = {
    archive,
    arrowDown,
    arrowLeft,
    arrowUp,
    check,
    chevronDown,
    chevronLeft,
    chevronRight,
    chevronUp,
    circleCheck,
    copy,
    download,
    ellipsis,
    ellipsisVertical,
    eye,
    file,
    fileArchive,
    fileCode,
    fileSpreadsheet,
    fileText,
    folder,
    folderInput,
    folderOpen,
    folderPlus,
    folderUp,
    hardDrive,
    history,
    image,
    info,
    key,
    keyboard,
    languages,
    layoutGrid,
    link,
    list,
    listChecks,
    logOut,
    menu,
    monitor,
    moon,
    music,
    pause,
    pencil,
    play,
    plus,
    presentation,
    refresh,
    restore,
    scrollText,
    search,
    server,
    settings,
    smartphone,
    sun,
    trash,
    triangleAlert,
    undo,
    upload,
    user,
    users,
    video,
    warehouse,
    wifiOff,
    x,
};

export type IconName = keyof typeof icons;
