//! Who asks. Credentials come from the environment, and never leave this file but to the engine itself.

use std::env;
use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

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

    /// What an engine says, without the credentials that it may have repeated, and without these further secrets.
    pub(super) fn hide<'a>(&self, text: &str, further: impl IntoIterator<Item = &'a String>) -> String {
        let mut secrets: Vec<String> = further.into_iter().flat_map(|secret| forms(secret)).collect();
        match self {
            Self::Nobody => {}
            Self::Password(user, password) => {
                let basic = Self::basic(user, password);
                secrets.extend(forms(basic.trim_start_matches("Basic ")));
                secrets.extend(forms(password));
                secrets.extend(forms(user).into_iter().filter(|_| user.chars().count() >= SHORTEST_NAME));
            }
            Self::Token(token) => secrets.extend(forms(token)),
        }
        // Of one that is all `=` nothing is left without its end, and nothing stands between any two letters.
        secrets.retain(|secret| !secret.is_empty());
        // One may be a part of another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        let text = secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), HIDDEN));
        match self {
            Self::Password(user, _) if user.chars().count() < SHORTEST_NAME => without_word(&text, user),
            _ => text,
        }
    }
}

/// What stands in place of a secret.
const HIDDEN: &str = "***";
/// A user's name of fewer letters is a part of many a word that tells nothing of it.
const SHORTEST_NAME: usize = 4;
/// What stands in an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A secret as it may be written: as it is, in JSON, in an address, and in Base64 without its end.
fn forms(secret: &str) -> [String; 4] {
    let json = serde_json::Value::from(secret).to_string();
    let json = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(secret);
    let address = utf8_percent_encode(secret, PLAIN).to_string();
    [secret.to_owned(), json.to_owned(), address, secret.trim_end_matches('=').to_owned()]
}

/// The text without a word, wherever it stands by itself.
fn without_word(text: &str, word: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, found) = rest.split_at(at);
        let behind = &found[word.len()..];
        let is_inside = before.chars().next_back().or(out.chars().next_back()).is_some_and(char::is_alphanumeric)
            || behind.starts_with(char::is_alphanumeric);
        out.push_str(before);
        out.push_str(if is_inside { word } else { HIDDEN });
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hide(login: &Login, text: &str) -> String {
        login.hide(text, [])
    }

    #[test]
    fn what_an_engine_repeats_is_hidden() {
        let login = Login::Password("grace".to_owned(), "correct horse".to_owned());
        let said = format!("no: correct horse of grace, {}", Login::basic("grace", "correct horse"));
        assert_eq!(hide(&login, &said), "no: *** of ***, Basic ***");
        assert_eq!(format!("{login:?}"), "Login");
        let token = Login::Token("t0k".to_owned());
        assert_eq!(token.hide("Bearer t0k, not h4nded", [&"h4nded".to_owned()]), "Bearer ***, not ***");
    }

    #[test]
    fn however_a_secret_is_written_it_is_hidden() {
        let login = Login::Password("grace".to_owned(), "a\"b c/d=".to_owned());
        let basic = Login::basic("grace", "a\"b c/d=");
        for said in ["a\"b c/d=", r#"a\"b c/d="#, "a%22b%20c%2Fd%3D", basic.trim_end_matches('=')] {
            let hidden = hide(&login, said);
            assert!(hidden.trim_start_matches("Basic ").starts_with("***") && hidden.len() < 12, "{hidden}");
        }
    }

    #[test]
    fn a_secret_without_letters_hides_nothing_else() {
        let login = Login::Password("grace".to_owned(), "==".to_owned());
        assert_eq!(hide(&login, "no == for grace"), "no *** for ***");
    }

    #[test]
    fn a_short_name_is_hidden_where_it_is_a_word() {
        let login = Login::Password("a".to_owned(), "correct horse".to_owned());
        assert_eq!(hide(&login, "a table `a` of a, aa"), "*** table `***` of ***, aa");
        assert_eq!(hide(&login, "a"), "***");
    }
}
