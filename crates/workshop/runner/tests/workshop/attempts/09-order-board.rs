mod wrong_a_board_without_end {
    async fn serve(queue: Queue) {
        let (write, read) = mpsc::channel(100_000);
        let board: Board = Arc::new(Mutex::new(read));
        let mut baristas = JoinSet::new();
        for _ in 0..BARISTAS {
            baristas.spawn(work(Arc::clone(&board)));
        }
        for order in queue {
            write.send(order).await.expect("the baristas read as long as there is a writer");
        }
        drop(write);
        baristas.join_all().await;
    }
}

mod wrong_lock_held {
    /// One barista: takes an order from the board and makes it, again and again.
    async fn work(board: Board) {
        while let Some(order) = board.lock().await.recv().await {
            make_coffee(order).await;
        }
    }
}

mod wrong_sender_kept {
    async fn serve(queue: Queue) {
        let (write, read) = mpsc::channel(BOARD);
        let board: Board = Arc::new(Mutex::new(read));
        let mut baristas = JoinSet::new();
        for _ in 0..BARISTAS {
            baristas.spawn(work(Arc::clone(&board)));
        }
        for order in queue {
            write.send(order).await.expect("the baristas read as long as there is a writer");
        }
        baristas.join_all().await;
        drop(write);
    }
}

mod wrong_a_channel_for_each_barista {
    async fn serve(queue: Queue) {
        let mut baristas = JoinSet::new();
        let mut boards = Vec::new();
        for _ in 0..BARISTAS {
            let (write, read) = mpsc::channel(1);
            baristas.spawn(work(Arc::new(Mutex::new(read))));
            boards.push(write);
        }
        for (i, order) in queue.enumerate() {
            if i > 0 && i % BARISTAS == 0 {
                tokio::time::sleep(std::time::Duration::from_secs(6)).await;
            }
            boards[i % BARISTAS].send(order).await.expect("the baristas read");
        }
        drop(boards);
        baristas.join_all().await;
    }
}

mod wrong_round_robin {
    async fn serve(queue: Queue) {
        let mut baristas = JoinSet::new();
        let mut boards = Vec::new();
        for _ in 0..BARISTAS {
            let (write, read) = mpsc::channel(1);
            baristas.spawn(work(Arc::new(Mutex::new(read))));
            boards.push(write);
        }
        for (i, order) in queue.enumerate() {
            boards[i % BARISTAS].send(order).await.expect("the baristas read");
        }
        drop(boards);
        baristas.join_all().await;
    }
}

mod wrong_a_task_for_each_order {
    async fn serve(queue: Queue) {
        let mut coffees = JoinSet::new();
        for order in queue {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
    }
}

mod wrong_rounds_of_three {
    async fn serve(mut queue: Queue) {
        loop {
            let round: Vec<_> = queue.by_ref().take(BARISTAS).collect();
            if round.is_empty() {
                break;
            }
            futures::future::join_all(round.into_iter().map(make_coffee)).await;
        }
    }
}

mod wrong_two_baristas {
    async fn serve(queue: Queue) {
        let (write, read) = mpsc::channel(BOARD);
        let board: Board = Arc::new(Mutex::new(read));
        let mut baristas = JoinSet::new();
        for _ in 1..BARISTAS {
            baristas.spawn(work(Arc::clone(&board)));
        }
        for order in queue {
            write.send(order).await.expect("the baristas read");
        }
        drop(write);
        baristas.join_all().await;
    }
}

mod wrong_the_last_order_first {
    async fn serve(queue: Queue) {
        let board = Arc::new(Mutex::new(queue.collect::<Vec<_>>()));
        let mut baristas = JoinSet::new();
        for _ in 0..BARISTAS {
            let board = Arc::clone(&board);
            baristas.spawn(async move {
                while let Some(order) = { board.lock().await.pop() } {
                    make_coffee(order).await;
                }
            });
        }
        baristas.join_all().await;
    }
}

mod wrong_the_whole_street_at_once {
    async fn serve(queue: Queue) {
        let board = Arc::new(Mutex::new(queue.collect::<std::collections::VecDeque<_>>()));
        let mut baristas = JoinSet::new();
        for _ in 0..BARISTAS {
            let board = Arc::clone(&board);
            baristas.spawn(async move {
                while let Some(order) = { board.lock().await.pop_front() } {
                    make_coffee(order).await;
                }
            });
        }
        baristas.join_all().await;
    }
}

mod wrong_one_barista_leaves_early {
    async fn work(board: Board) {
        let order = board.lock().await.recv().await;
        if let Some(order) = order {
            make_coffee(order).await;
        }
    }
}

mod wrong_goes_home_with_the_last_order {
    async fn serve(queue: Queue) {
        let (write, read) = mpsc::channel(BOARD);
        let board: Board = Arc::new(Mutex::new(read));
        for _ in 0..BARISTAS {
            tokio::spawn(work(Arc::clone(&board)));
        }
        for order in queue {
            write.send(order).await.expect("the baristas read");
        }
    }
}

mod right_reserve_before_taking {
    async fn serve(mut queue: Queue) {
        let (write, read) = mpsc::channel(BOARD);
        let board: Board = Arc::new(Mutex::new(read));
        let baristas: JoinSet<()> = (0..BARISTAS).map(|_| work(Arc::clone(&board))).collect();
        loop {
            let place = write.reserve().await.expect("the baristas read");
            match queue.next() {
                Some(order) => place.send(order),
                None => break,
            }
        }
        drop(write);
        baristas.join_all().await;
    }
}

mod right_two_steps_in_a_block {
    async fn work(board: Board) {
        loop {
            let order = {
                let mut board = board.lock().await;
                board.recv().await
            };
            let Some(order) = order else { return };
            make_coffee(order).await;
        }
    }
}

mod right_the_board_fills_itself {
    async fn serve(queue: Queue) {
        let street = Arc::new(Mutex::new(queue));
        let mut baristas = JoinSet::new();
        for _ in 0..BARISTAS {
            let street = Arc::clone(&street);
            baristas.spawn(async move {
                while let Some(order) = { street.lock().await.next() } {
                    make_coffee(order).await;
                }
            });
        }
        baristas.join_all().await;
    }
}

mod right_three_futures_in_one_task {
    async fn serve(queue: Queue) {
        let (write, read) = mpsc::channel(BOARD);
        let board: Board = Arc::new(Mutex::new(read));
        let baristas = futures::future::join_all((0..BARISTAS).map(|_| work(Arc::clone(&board))));
        let street = async move {
            for order in queue {
                write.send(order).await.expect("the baristas read");
            }
        };
        tokio::join!(street, baristas);
    }
}

mod wrong_takes_two_orders_at_a_time {
    async fn work(board: Board) {
        loop {
            let mut orders = Vec::new();
            if board.lock().await.recv_many(&mut orders, 2).await == 0 {
                return;
            }
            for order in orders {
                make_coffee(order).await;
            }
        }
    }
}

mod wrong_a_permit_for_each_customer {
    async fn serve(queue: Queue) {
        let baristas = Arc::new(tokio::sync::Semaphore::new(BARISTAS));
        let mut coffees = JoinSet::new();
        for order in queue {
            let barista = Arc::clone(&baristas).acquire_owned().await.expect("it is never closed");
            coffees.spawn(async move {
                make_coffee(order).await;
                drop(barista);
            });
        }
        coffees.join_all().await;
    }
}

mod wrong_a_barista_pays_attention_once_a_second {
    async fn work(board: Board) {
        loop {
            let order = board.lock().await.try_recv();
            match order {
                Ok(order) => make_coffee(order).await,
                Err(mpsc::error::TryRecvError::Disconnected) => return,
                Err(_) => tokio::time::sleep(std::time::Duration::from_secs(1)).await,
            }
        }
    }
}

mod wrong_the_milk_is_left_to_a_task {
    async fn make_coffee(order: Order) {
        order.pay_for_coffee().await;
        order.make_espresso().await;
        tokio::spawn(async move { order.steam_milk().await });
    }
}
