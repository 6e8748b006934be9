//! The preview, as a browser, a hostile page and a hostile program meet it: the built command, asked
//! over sockets byte by byte.

mod broken;
mod command;
mod fences;
mod following;
mod http;
mod network;
mod opening;
mod pages;
mod pictures;
pub(crate) mod running;
