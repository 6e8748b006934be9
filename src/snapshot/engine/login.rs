//! Who asks. Credentials come from the environment, and never leave this file but to the engine itself.

use std::env;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

const USER: &str = "THREATPRESS_FLIGHT_USER";
const PASSWORD: &str = "THREATPRESS_FLIGHT_PASSWORD";
const TOKEN: &str = "THREATPRESS_FLIGHT_TOKEN";

/// What is sent to prove who asks.
#[derive(Clone)]
pub(super) enum Login {
    /// Nothing: whoever reaches the engine may ask.
    Nobody,
    /// A user and a password, for which the engine may hand out a token.
    Password(String, String),
    /// A token.
    Token(String),
}

/// Says nothing of what it holds.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login")
    }
}

impl Login {
    /// What the environment says; an empty variable is as good as none.
    ///
    /// # Errors
    /// Which variables do not go together, or hold what cannot be sent.
    pub(super) fn from_environment() -> Result<Self, String> {
        let given = |name: &str| match env::var(name) {
            Ok(value) if value.is_empty() => Ok(None),
            Ok(value) if value.chars().any(char::is_control) => {
                Err(format!("{name} has a line end or a control character in it"))
            }
            Ok(value) => Ok(Some(value)),
            Err(env::VarError::NotPresent) => Ok(None),
            Err(env::VarError::NotUnicode(_)) => Err(format!("{name} is not UTF-8 text")),
        };
        match (given(USER)?, given(PASSWORD)?, given(TOKEN)?) {
            (None, None, None) => Ok(Self::Nobody),
            (None, None, Some(token)) if token.is_ascii() => Ok(Self::Token(token)),
            (None, None, Some(_)) => Err(format!("{TOKEN} has characters that no token has")),
            (Some(user), Some(password), None) => Ok(Self::Password(user, password)),
            (Some(_), None, None) => Err(format!("{USER} is set, and {PASSWORD} is not")),
            (None, Some(_), None) => Err(format!("{PASSWORD} is set, and {USER} is not")),
            _ => Err(format!("{TOKEN} is set beside {USER} or {PASSWORD}")),
        }
    }

    /// Whether there is anything that nobody else may read.
    pub(super) fn is_secret(&self) -> bool {
        !matches!(self, Self::Nobody)
    }

    /// The header that user and password are sent in.
    pub(super) fn basic(user: &str, password: &str) -> String {
        format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
    }

    /// What an engine says, without the credentials that it may have repeated.
    pub(super) fn hide(&self, text: &str) -> String {
        let secrets = match self {
            Self::Nobody => Vec::new(),
            Self::Password(user, password) => {
                let basic = Self::basic(user, password);
                vec![basic.trim_start_matches("Basic ").to_owned(), password.clone(), user.clone()]
            }
            Self::Token(token) => vec![token.clone()],
        };
        secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_engine_repeats_is_hidden() {
        let login = Login::Password("ada".to_owned(), "correct horse".to_owned());
        let said = format!("no: correct horse of ada, {}", Login::basic("ada", "correct horse"));
        assert_eq!(login.hide(&said), "no: *** of ***, Basic ***");
        assert_eq!(format!("{login:?}"), "Login");
        assert_eq!(Login::Token("t0k".to_owned()).hide("Bearer t0k"), "Bearer ***");
    }
}
