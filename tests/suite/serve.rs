//! The preview, as a browser, a hostile page and a hostile program meet it: the built command, asked
//! over sockets byte by byte.

mod command;
mod fences;
mod following;
mod http;
mod network;
mod opening;
mod pages;
pub(crate) mod running;
