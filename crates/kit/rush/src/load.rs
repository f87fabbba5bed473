use std::ops::ControlFlow;
use std::sync::Arc;

use thiserror::Error;

use crate::answer::Answer;
use crate::client::{Client, Connection};
use crate::engine::{Sent, Target, send};
use crate::failure::Failure;
use crate::plan::Plan;
use crate::report::Report;
use crate::request::Request;
use crate::verdict::Verdict;

/// The first answer came from another service.
#[derive(Debug, Error)]
#[error("what answered is another service: it said {status}", status = .0.status.as_u16())]
pub struct Foreign(pub Box<Answer>);

/// Sends the requests of a plan to an HTTP service, and counts in `report` how each one ended;
/// `counted` sees the report after each. Connections are kept as long as the service keeps them.
/// Cancel safe: dropped, it hangs up, and the report has what ended until then.
///
/// `request` makes the request of each number, counted from 0; `check` judges its answer.
///
/// # Errors
///
/// [`Foreign`] at once if the first answer is; later ones are counted.
pub async fn load(
    client: &Client,
    request: impl Fn(u64) -> Request + Send + Sync + 'static,
    check: impl Fn(&Answer) -> Verdict + Send + Sync + 'static,
    plan: &Plan,
    report: &mut Report,
    mut counted: impl FnMut(&Report),
) -> Result<(), Foreign> {
    let service = Arc::new(Service { client: client.clone(), request, check });
    let mut known = false;
    let mut foreign = None;
    let ended = |Sent { outcome, latency }: Sent<Outcome>| {
        let outcome = match outcome {
            Ok((answer, Verdict::Foreign)) if !known => {
                foreign = Some(Box::new(answer));
                return ControlFlow::Break(());
            }
            outcome => outcome,
        };
        known |= outcome.is_ok();
        report.count(outcome.as_ref().map(|(answer, verdict)| (answer.status, *verdict)), latency);
        counted(report);
        ControlFlow::Continue(())
    };
    send(plan, &service, std::future::pending(), ended).await;
    foreign.map_or(Ok(()), |answer| Err(Foreign(answer)))
}

type Outcome = Result<(Answer, Verdict), Failure>;

/// An HTTP service, and what is asked of it.
struct Service<R, C> {
    client: Client,
    request: R,
    check: C,
}

impl<R, C> Target for Service<R, C>
where
    R: Fn(u64) -> Request + Send + Sync + 'static,
    C: Fn(&Answer) -> Verdict + Send + Sync + 'static,
{
    type Session = Option<Connection>;
    type Outcome = Outcome;

    async fn send(&self, number: u64, kept: &mut Option<Connection>) -> Outcome {
        let answer = exchange(&self.client, kept, (self.request)(number)).await?;
        let verdict = (self.check)(&answer);
        Ok((answer, verdict))
    }

    fn is_served(&self, outcome: &Outcome) -> bool {
        matches!(outcome, Ok((_, Verdict::Expected)))
    }
}

/// Sends a request on the connection that is kept, or on a new one, and keeps it if it stays open.
async fn exchange(
    client: &Client,
    kept: &mut Option<Connection>,
    request: Request,
) -> Result<Answer, Failure> {
    let before = kept.take();
    let asked = async {
        let mut connection = match open(before).await {
            Some(connection) => connection,
            None => client.connect().await?,
        };
        let answer = connection.send(request).await?;
        Ok((connection, answer))
    };
    let (connection, answer) = client.in_time(asked).await?;
    *kept = open(Some(connection)).await;
    Ok(answer)
}

/// The connection, if the service has not closed it meanwhile.
async fn open(connection: Option<Connection>) -> Option<Connection> {
    let mut connection = connection?;
    connection.stays_open().await.then_some(connection)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::task::JoinSet;

    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(20);

    /// A service that gives this answer to each request, and says what it was sent.
    async fn service(answer: &'static str, tasks: &mut JoinSet<Vec<String>>) -> Client {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tasks.spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a client");
            let mut heard = Vec::new();
            while let Some(request) = hear(&mut stream).await {
                heard.push(request);
                stream.write_all(answer.as_bytes()).await.expect("the client reads");
            }
            heard
        });
        Client::new(address.parse().expect("a URL"), TIMEOUT)
    }

    async fn hear(stream: &mut TcpStream) -> Option<String> {
        let mut bytes = [0; 4096];
        let read = stream.read(&mut bytes).await.ok().filter(|read| *read > 0)?;
        Some(String::from_utf8_lossy(&bytes[..read]).into_owned())
    }

    fn created(answer: &Answer) -> Verdict {
        match answer.status.as_u16() {
            201 => Verdict::Expected,
            404 => Verdict::Foreign,
            _ => Verdict::Refused,
        }
    }

    #[tokio::test]
    async fn bodies_and_headers_are_sent_on_one_connection_after_another() {
        let mut tasks = JoinSet::new();
        let answer = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
        let client = service(answer, &mut tasks).await;
        let request = |number| {
            let request = Request::post("/events", format!("number {number}"));
            request.and_then(|request| request.header("x-kind", "test")).expect("a request")
        };
        let (mut report, plan) = (Report::default(), Plan::closed(1).requests(3));
        let mut seen = 0;
        let counted = |report: &Report| seen = report.requests();
        let ended = load(&client, request, created, &plan, &mut report, counted).await;
        assert!(ended.is_ok());
        assert_eq!((report.to_string().as_str(), report.expected(), seen), ("201: 3", 3, 3));
        let heard = tasks.join_next().await.expect("a task").expect("no panic");
        for (number, request) in heard.iter().enumerate() {
            assert!(request.starts_with("POST /events HTTP/1.1\r\n"), "{request}");
            assert!(request.contains("\r\nx-kind: test\r\n"), "{request}");
            assert!(request.contains("\r\ncontent-length: 8\r\n"), "{request}");
            assert!(request.ends_with(&format!("\r\n\r\nnumber {number}")), "{request}");
        }
        assert_eq!(heard.len(), 3, "on one connection");
    }

    #[tokio::test]
    async fn another_service_ends_it_at_once() {
        let mut tasks = JoinSet::new();
        let client =
            service("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", &mut tasks).await;
        let request = |_| Request::get("/").expect("a path");
        let (mut report, plan) = (Report::default(), Plan::closed(1).requests(3));
        let ended = load(&client, request, created, &plan, &mut report, |_| ()).await;
        assert_eq!(ended.expect_err("foreign").0.status, 404);
        assert_eq!(report.requests(), 0);
    }

    #[cfg(target_os = "linux")]
    mod in_a_full_queue {
        use tokio::net::TcpSocket;
        use tokio::time::{sleep, timeout};

        use super::*;

        const SECOND: Duration = Duration::from_secs(1);

        /// Fills the queue of a listener, so that the next connection takes a second.
        async fn full() -> (TcpListener, Vec<TcpStream>) {
            let socket = TcpSocket::new_v4().expect("a socket");
            socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
            let listener = socket.listen(1).expect("it listens");
            let address = listener.local_addr().expect("an address");
            let mut queue = Vec::new();
            while let Ok(stream) = timeout(SECOND / 5, TcpStream::connect(address)).await {
                queue.push(stream.expect("it waits in the queue"));
            }
            (listener, queue)
        }

        #[tokio::test]
        async fn the_connection_and_the_answer_have_one_timeout_together() {
            let (listener, _queue) = full().await;
            let address = format!("http://{}", listener.local_addr().expect("an address"));
            let client = Client::new(address.parse().expect("a URL"), 2 * SECOND);
            let mut accepting = JoinSet::new();
            accepting.spawn(async move {
                sleep(SECOND / 5).await;
                let mut unanswered = Vec::new();
                while let Ok(stream) = listener.accept().await {
                    unanswered.push(stream);
                }
            });
            let mut kept = None;
            let request = Request::get("/").expect("a path");
            let end = timeout(5 * SECOND / 2, exchange(&client, &mut kept, request)).await;
            assert!(matches!(end, Ok(Err(Failure::TimedOut(_)))), "{end:?}");
        }
    }
}
