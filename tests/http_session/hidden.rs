//! The rest of the contract: pieces, ends, lines that are used again, and those that are not.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use exercise::http_session::{HttpError, Response, Session, fetch_multiple, request};
use futures::join;
use kit::{
    blame, in_time, lab, ms, plainly, require_send, run, secs, start_over, tell_panic, timed, took,
};
use tokio::time::sleep;

use crate::visible::{Net, Peer, Server, answer, network, requests_pass_each_other, site};

/// What a page is that was asked for and read.
async fn page(session: &Session<Net>, path: &str) -> Result<String, HttpError> {
    session.get(path).await?.text().await
}

/// A session with one idle connection, and the server's side of it.
async fn with_an_idle_one() -> (Session<Net>, Server, Peer) {
    let (net, mut server) = network();
    let session = Session::new(net);
    let serves = async {
        let mut peer = server.accepts().await;
        peer.serves("first").await;
        peer
    };
    let (first, peer) = join!(page(&session, "/first"), serves);
    plainly().unless_eq(first.as_deref(), Ok("first"));
    (session, server, peer)
}

/// What each test asks first that is about an end, so that an answer is told of its first
/// mistake, and not of what follows from it.
async fn sessions_work() {
    let (head, body) = answer(200, "words");
    let (one, two) = head.as_bytes().split_at(20);
    let (three, four) = body.as_bytes().split_at(2);
    let text = in_pieces(&[one, two, three, four]).await;
    blame("short-read-assumed").unless_eq(text.as_deref(), Ok("words"));
    let (session, _server, mut peer) = with_an_idle_one().await;
    let again = async { join!(page(&session, "/again"), peer.serves("again")) };
    let used = in_time(secs(60), again).await.is_some_and(|(text, _)| text.is_ok());
    blame("client-per-request").unless(used);
    requests_pass_each_other().await;
    // The picture is of what comes now.
    start_over();
}

#[test]
fn a_connection_is_used_again() {
    run(async {
        let net = site(&[("/a", 2, "a"), ("/b", 2, "b"), ("/c", 2, "c")]);
        let opened = net.opened.clone();
        let session = Session::new(net);
        let three = async {
            for path in ["/a", "/b", "/c"] {
                plainly().unless_eq(page(&session, path).await.as_deref(), Ok(&path[1..]));
            }
        };
        let ((), time) = timed(three).await;
        blame("client-per-request").unless_eq(opened.load(SeqCst), 1);
        took(time).should_be(secs(1 + 3 * 2));
        requests_pass_each_other().await;
        // An answer that says no was read to its end as well.
        let (session, _server, mut peer) = with_an_idle_one().await;
        for _ in 0..2 {
            let serves = async {
                peer.reads_request().await;
                let (head, body) = answer(500, "no tea");
                peer.sends(head + &body).await;
            };
            let text = async { join!(page(&session, "/tea"), serves).0 };
            let text = in_time(secs(60), text).await;
            blame("client-per-request").unless_eq(text, Some(Ok("no tea".to_owned())));
        }
        // Those that were used at the same time are all kept, however many they are.
        let (net, many) = (site(&[("/a", 2, "a")]), ["/a"; 120]);
        let opened = net.opened.clone();
        let session = Session::new(net);
        let ((), time) = timed(async { drop(fetch_multiple(&session, &many).await) }).await;
        took(time).slower_means("sequential-awaits").should_be(secs(1 + 2));
        let ((), time) = timed(async { drop(fetch_multiple(&session, &many).await) }).await;
        blame("client-per-request").unless_eq(opened.load(SeqCst), many.len());
        took(time).slower_means("client-per-request").should_be(secs(2));
    });
}

#[test]
fn requests_do_not_wait_for_each_other() {
    run(async {
        requests_pass_each_other().await;
        // Nor does a request wait for an answer that is being read.
        let (net, mut server) = network();
        let session = Session::new(net);
        let client = async {
            let slow = session.get("/slow").await.expect("a head");
            let slow = slow.text();
            let fast = async {
                sleep(secs(1)).await;
                timed(page(&session, "/fast")).await
            };
            join!(slow, fast)
        };
        let server = async {
            let (mut one, (head, body)) = (server.accepts().await, answer(200, "slow"));
            one.reads_request().await;
            one.sends(head).await;
            let other = async {
                let mut other = server.accepts().await;
                other.serves("fast").await
            };
            let later = async {
                sleep(secs(20)).await;
                one.sends(body).await
            };
            join!(other, later)
        };
        let ((slow, (fast, time)), _) = join!(client, server);
        plainly().unless_eq((slow.as_deref(), fast.as_deref()), (Ok("slow"), Ok("fast")));
        took(time).slower_means("lock-serialises-work").should_be(secs(1));
    });
}

/// Sends an answer in pieces, with time between them, and reads it. If more is waited for
/// than comes, the server hangs up.
async fn in_pieces(pieces: &[&[u8]]) -> Result<String, HttpError> {
    start_over();
    let (net, mut server) = network();
    let session = Session::new(net);
    let server = async {
        let mut peer = server.accepts().await;
        peer.reads_request().await;
        for piece in pieces {
            peer.sends(piece).await;
            sleep(ms(1)).await;
        }
        peer
    };
    let mut text = Box::pin(page(&session, "/pieces"));
    let (read, mut peer) = join!(in_time(secs(60), text.as_mut()), server);
    let Some(text) = read else {
        drop(peer);
        let text = in_time(secs(60), text).await.unwrap_or(Err(HttpError::Cut));
        // It had all there is, and waited for the end.
        plainly().because("not-ready", &[("who", &"get or text")]).unless(text.is_err());
        return text;
    };
    // And nothing is left over, or missing, for the next one.
    if text.is_ok() {
        let (next, _) = join!(page(&session, "/next"), peer.serves("next"));
        blame("short-read-assumed").unless_eq(next.as_deref(), Ok("next"));
    }
    text
}

#[test]
fn an_answer_may_come_in_pieces() {
    lab().hang_means("short-read-assumed").run(async {
        let (head, body) = answer(200, "grün");
        let whole = (head + &body).into_bytes();
        for at in 0..=whole.len() {
            let (one, two) = whole.split_at(at);
            let text = in_pieces(&[one, two]).await;
            blame("short-read-assumed").unless_eq(text.as_deref(), Ok("grün"));
        }
        let bytes: Vec<&[u8]> = whole.chunks(1).collect();
        let text = in_pieces(&bytes).await;
        blame("short-read-assumed").unless_eq(text.as_deref(), Ok("grün"));
        // The first empty line ends the head, and no other; and it may be far away.
        let (short, body) = answer(200, "one\r\n\r\ntwo");
        let long = short.replace("played", &"played ".repeat(3_000));
        for head in [short, long] {
            let text = in_pieces(&[(head + &body).as_bytes()]).await;
            plainly().unless_eq(text.as_deref(), Ok("one\r\n\r\ntwo"));
        }
    });
}

#[test]
fn a_body_may_be_empty_or_long() {
    lab().hang_means("short-read-assumed").run(async {
        sessions_work().await;
        for length in [0, 1, 200, 50_000] {
            let (session, _server, mut peer) = with_an_idle_one().await;
            let long = "x".repeat(length);
            let (text, _) = join!(page(&session, "/long"), peer.serves(&long));
            blame("short-read-assumed").unless_eq(text.map(|text| text.len()), Ok(length));
            let (text, _) = join!(page(&session, "/next"), peer.serves("next"));
            plainly().unless_eq(text.as_deref(), Ok("next"));
        }
        // A request goes out in pieces, too, if it is long.
        let (session, _server, mut peer) = with_an_idle_one().await;
        let path = format!("/{}", "tea/".repeat(300));
        let both = async { join!(page(&session, &path), peer.serves("tea")) };
        let (text, asked) = in_time(secs(60), both).await.unzip();
        let length = asked.as_ref().map(String::len);
        plainly().unless_eq(length, Some(request(&path).len()));
        plainly().unless(asked == Some(request(&path)));
        plainly().unless_eq(text, Some(Ok("tea".to_owned())));
    });
}

#[test]
fn an_answer_that_is_cut_off_is_an_error() {
    lab().spin_means("eof-spin").run(async {
        sessions_work().await;
        let (head, body) = answer(200, "green");
        let whole = (head + &body).into_bytes();
        for at in [0, 1, 30, whole.len() - 5, whole.len() - 1] {
            let (net, mut server) = network();
            let session = Session::new(net);
            let server = async {
                let mut peer = server.accepts().await;
                peer.reads_request().await;
                peer.sends(&whole[..at]).await;
                drop(peer);
                server
            };
            let (text, mut server) = join!(page(&session, "/cut"), server);
            plainly().unless_eq(text.as_deref(), Err(&HttpError::Cut));
            // It was a new connection, so there is no other attempt.
            plainly().unless(server.has_no_more());
        }
    });
}

#[test]
fn what_is_no_answer_is_an_error() {
    run(async {
        let body_that_is_no_text = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xff";
        for bytes in [
            &b"HTTP/1.1 200 OK\r\nServer: played\r\n\r\n"[..],
            b"tea is ready\r\n\r\n",
            b"\xff\r\n\r\n",
            body_that_is_no_text,
        ] {
            plainly().unless_eq(in_pieces(&[bytes]).await, Err(HttpError::Malformed));
            // Over a connection that was idle it is the same: something has come.
            start_over();
            let (session, mut server, mut peer) = with_an_idle_one().await;
            let serves = async {
                peer.reads_request().await;
                peer.sends(bytes).await;
            };
            let (text, ()) = join!(in_time(secs(60), page(&session, "/tea")), serves);
            plainly().unless_eq(text, Some(Err(HttpError::Malformed)));
            if bytes == body_that_is_no_text {
                // It was read to its end all the same.
                let again = async { join!(page(&session, "/again"), peer.serves("again")) };
                let text = in_time(secs(60), again).await.map(|(text, _)| text);
                plainly().unless_eq(text, Some(Ok("again".to_owned())));
            } else {
                // Nobody knows where this one ends.
                is_not_used_again(&session, &mut server, peer).await;
            }
            plainly().unless(server.has_no_more());
        }
        let (net, mut server) = network();
        let refuses = net.refuses.clone();
        let session = Session::new(net);
        refuses.store(true, SeqCst);
        let refused = Err(HttpError::Io(ErrorKind::ConnectionRefused));
        plainly().unless_eq(page(&session, "/tea").await, refused);
        refuses.store(false, SeqCst);
        let serves = async { server.accepts().await.serves("tea").await };
        let (text, _) = join!(page(&session, "/tea"), serves);
        plainly().unless_eq(text.as_deref(), Ok("tea"));
    });
}

/// After that, the next request is answered, over a connection of its own, and the one
/// before has ended.
async fn is_not_used_again(session: &Session<Net>, server: &mut Server, mut before: Peer) {
    let (mut next, mut served) = (None, false);
    let client = in_time(secs(9), page(session, "/next"));
    let serves = in_time(secs(5), async {
        let mut peer = server.accepts().await;
        served = peer.serves("next").await == request("/next");
        next = Some(peer);
    });
    let (text, _) = join!(client, serves);
    blame("dirty-connection-reused").unless(served);
    let text = text.unwrap_or(Err(HttpError::Cut));
    blame("dirty-connection-reused").unless_eq(text.as_deref(), Ok("next"));
    blame("dirty-connection-reused").unless(before.sees_the_end().await);
}

#[test]
fn an_answer_that_nobody_reads_ends_its_connection() {
    run(async {
        sessions_work().await;
        for reading in [false, true] {
            let (session, mut server, mut peer) = with_an_idle_one().await;
            let serves = async {
                peer.reads_request().await;
                let (head, body) = answer(200, "not read");
                peer.sends(head + &body[..3]).await;
                peer
            };
            let (response, mut peer) = join!(session.get("/not-read"), serves);
            let response = response.expect("a head");
            match reading {
                true => drop(in_time(secs(1), response.text()).await),
                false => drop(response),
            }
            peer.sends(" read").await;
            is_not_used_again(&session, &mut server, peer).await;
        }
    });
}

#[test]
fn a_get_that_is_dropped_ends_its_connection() {
    run(async {
        sessions_work().await;
        // The request is out, and none, some, or nearly all of the head has come.
        for sent in [0, 10, 40] {
            let (session, mut server, mut peer) = with_an_idle_one().await;
            let (head, body) = answer(200, "too late");
            let serves = async {
                peer.reads_request().await;
                peer.sends(&head[..sent]).await;
            };
            let (text, ()) = join!(in_time(secs(1), session.get("/late")), serves);
            plainly().unless(text.is_none());
            peer.sends(format!("{}{body}", &head[sent..])).await;
            is_not_used_again(&session, &mut server, peer).await;
        }
        // Not even the request is out, or only a part of it.
        let (session, mut server, peer) = with_an_idle_one().await;
        let long = format!("/{}", "tea/".repeat(300));
        plainly().unless(in_time(secs(1), session.get(&long)).await.is_none());
        is_not_used_again(&session, &mut server, peer).await;
        // One that is dropped while it connects leaves nothing at all.
        let (net, mut server) = network();
        let session = Session::new(net);
        plainly().unless(in_time(ms(500), session.get("/")).await.is_none());
        sleep(secs(2)).await;
        plainly().unless(server.has_no_more());
    });
}

#[test]
fn an_idle_connection_that_was_closed_is_replaced() {
    lab().spin_means("eof-spin").run(async {
        sessions_work().await;
        for reads_it in [false, true] {
            let (session, mut server, mut peer) = with_an_idle_one().await;
            let serves = async {
                if reads_it {
                    peer.reads_request().await;
                }
                drop(peer);
                let mut peer = server.accepts().await;
                (peer.serves("again").await, peer)
            };
            let client = async {
                sleep(secs(1)).await;
                page(&session, "/again").await
            };
            let limit = secs(60);
            let (text, served) = join!(in_time(limit, client), in_time(limit, serves));
            let text = text.unwrap_or(Err(HttpError::Cut));
            plainly().unless_eq(text.as_deref(), Ok("again"));
            let (asked, mut peer) = served.expect("it has asked again");
            plainly().unless_eq(asked, request("/again"));
            // And that one is used from now on.
            let (text, _) = join!(page(&session, "/then"), peer.serves("then"));
            plainly().unless_eq(text.as_deref(), Ok("then"));
            plainly().unless(server.has_no_more());
        }
    });
}

#[test]
fn a_request_is_sent_twice_at_most() {
    lab().spin_means("eof-spin").run(async {
        sessions_work().await;
        // Two idle connections, and the server hangs up on them and on any other.
        let (net, mut server) = network();
        let (opened, refuses) = (net.opened.clone(), net.refuses.clone());
        let session = Session::new(net);
        let serves = async {
            let (mut one, mut other) = (server.accepts().await, server.accepts().await);
            join!(one.serves("one"), other.serves("other"));
            drop(server);
        };
        let _ = join!(page(&session, "/one"), page(&session, "/other"), serves);
        plainly().unless_eq(opened.load(SeqCst), 2);
        sleep(secs(1)).await;
        // Whether the request could still be sent or not, that is a matter of luck.
        let text = page(&session, "/tea").await;
        plainly().unless(matches!(text, Err(HttpError::Cut | HttpError::Io(_))));
        plainly().unless_eq(opened.load(SeqCst), 3);
        // What comes of the other attempt counts, and not what came of the first.
        refuses.store(true, SeqCst);
        let refused = Err(HttpError::Io(ErrorKind::ConnectionRefused));
        plainly().unless_eq(page(&session, "/tea").await, refused);

        // And here it hangs up on the two when it has read a request. A third one would
        // be answered, over a new connection.
        start_over();
        let (net, mut server) = network();
        let session = Session::new(net);
        let serves = async {
            let (mut one, mut other) = (server.accepts().await, server.accepts().await);
            join!(one.serves("one"), other.serves("other"));
            (one, other)
        };
        let (.., (one, other)) = join!(page(&session, "/one"), page(&session, "/other"), serves);
        let asked = AtomicUsize::new(0);
        let hangs_up = async |mut peer: Peer| {
            if !peer.reads_request().await.is_empty() {
                asked.fetch_add(1, SeqCst);
            }
        };
        let serves = async { server.accepts().await.serves("tea").await };
        let tea = in_time(secs(60), async { join!(page(&session, "/tea"), serves).0 });
        let hang_up = in_time(secs(90), async { join!(hangs_up(one), hangs_up(other)) });
        let (text, _) = join!(tea, hang_up);
        plainly().unless_eq(asked.load(SeqCst), 1);
        plainly().unless_eq(text, Some(Ok("tea".to_owned())));
    });
}

#[test]
fn what_has_begun_to_come_is_not_asked_for_again() {
    run(async {
        sessions_work().await;
        let (session, mut server, mut peer) = with_an_idle_one().await;
        let serves = async {
            peer.reads_request().await;
            peer.sends("HTTP/1.1 200").await;
            drop(peer);
        };
        let (text, ()) = join!(page(&session, "/cut"), serves);
        plainly().unless_eq(text, Err(HttpError::Cut));
        plainly().unless(server.has_no_more());
    });
}

#[test]
fn close_hangs_up() {
    run(async {
        sessions_work().await;
        let (net, mut server) = network();
        let session = Session::new(net);
        let (head, body) = answer(200, "being read");
        let serves = async {
            let mut peers =
                [server.accepts().await, server.accepts().await, server.accepts().await];
            peers[0].serves("idle").await;
            for peer in &mut peers[1..] {
                peer.reads_request().await;
                peer.sends(&head).await;
            }
            peers
        };
        let (idle, a, b, [mut one, two, three]) =
            join!(page(&session, "/idle"), session.get("/a"), session.get("/b"), serves);
        plainly().unless_eq(idle.as_deref(), Ok("idle"));
        session.close().await;
        let at_once = one.has_seen_the_end();
        blame("close-forgotten").unless(one.sees_the_end().await);
        blame("dropped-handle-detaches").unless(at_once);
        // These are still needed. Each ends when it has been read, and not with the last.
        for (response, mut peer) in [(a, two), (b, three)] {
            peer.sends(&body).await;
            let text = response.expect("a head").text().await;
            plainly().unless_eq(text.as_deref(), Ok("being read"));
            blame("close-forgotten").unless(peer.sees_the_end().await);
        }
    });
}

#[test]
fn each_page_has_a_result_of_its_own() {
    run(async {
        sessions_work().await;
        // A server that hangs up when it is asked for a page that it does not have.
        let session = Session::new(site(&[("/a", 1, "a"), ("/b", 3, "b")]));
        let (texts, time) = timed(fetch_multiple(&session, &["/a", "/gone", "/b", "/a"])).await;
        blame("one-failure-kills-all").unless_eq(texts.len(), 4);
        let expected = [Ok("a".to_owned()), Err(HttpError::Cut), Ok("b".into()), Ok("a".into())];
        blame("one-failure-kills-all").unless_eq(texts, expected);
        took(time).slower_means("sequential-awaits").should_be(secs(1 + 3));
        let none = in_time(secs(60), fetch_multiple(&session, &[])).await;
        blame("buffered-zero-hang").unless_eq(none, Some(Vec::new()));
    });
}

#[test]
fn tasks_may_share_a_session() {
    run(async {
        let session = Arc::new(Session::new(site(&[("/a", 2, "a"), ("/b", 2, "b")])));
        let tasks = ["/a", "/b"].map(|path| {
            let session = session.clone();
            let fetches = async move { page(&session, path).await };
            require_send(&fetches); // gate: non-send-across-await
            tokio::spawn(fetches)
        });
        for (task, text) in tasks.into_iter().zip(["a", "b"]) {
            let fetched = task.await;
            if fetched.is_err() {
                tell_panic();
            }
            plainly().unless_eq(fetched.ok().and_then(Result::ok).as_deref(), Some(text));
        }
        let all = fetch_multiple(&session, &["/a"]);
        require_send(&all); // gate: non-send-across-await
        plainly().unless_eq(all.await, [Ok("a".to_owned())]);
        let session = Arc::into_inner(session).expect("nobody else has it");
        let close = session.close();
        require_send(&close); // gate: non-send-across-await
        close.await;
        fn moves<T: Send>(_: Option<T>) {}
        moves(None::<Response<Net>>); // gate: non-send-across-await
    });
}
