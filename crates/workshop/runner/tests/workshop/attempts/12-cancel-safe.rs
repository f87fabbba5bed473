mod wrong_pays_while_the_phone_rings {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut coffees = JoinSet::new();
        let mut answered = 0;
        loop {
            select! {
                biased;
                order = orders.recv() => match order {
                    Some(order) => {
                        order.pay_for_coffee().await;
                        coffees.spawn(make_coffee(order));
                    }
                    None => break,
                },
                Some(()) = phone.recv() => answered += 1,
            }
        }
        coffees.join_all().await;
        answered
    }
}

mod wrong_all_pay_at_once {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut coffees = JoinSet::new();
        let mut answered = 0;
        loop {
            select! {
                order = orders.recv() => match order {
                    Some(order) => {
                        coffees.spawn(async move {
                            order.pay_for_coffee().await;
                            make_coffee(order).await;
                        });
                    }
                    None => break,
                },
                Some(()) = phone.recv() => answered += 1,
            }
        }
        coffees.join_all().await;
        answered
    }
}

mod wrong_the_phone_is_not_heard {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut coffees = JoinSet::new();
        let mut answered = 0;
        while let Some(order) = take_order(&mut orders).await {
            coffees.spawn(make_coffee(order));
            while phone.try_recv().is_ok() {
                answered += 1;
            }
        }
        coffees.join_all().await;
        answered
    }
}

mod wrong_biased {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut coffees = JoinSet::new();
        let mut answered = 0;
        loop {
            select! {
                biased;
                order = take_order(&mut orders) => match order {
                    Some(order) => {
                        coffees.spawn(make_coffee(order));
                    }
                    None => break,
                },
                Some(()) = phone.recv() => answered += 1,
            }
        }
        coffees.join_all().await;
        answered
    }
}

mod wrong_pinned_in_the_inner_loop {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut coffees = JoinSet::new();
        let mut answered = 0;
        loop {
            let next = take_order(&mut orders);
            tokio::pin!(next);
            select! {
                order = &mut next => match order {
                    Some(order) => {
                        coffees.spawn(make_coffee(order));
                    }
                    None => break,
                },
                Some(()) = phone.recv() => answered += 1,
            }
        }
        coffees.join_all().await;
        answered
    }
}

mod wrong_the_coffee_is_made_at_the_till {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut answered = 0;
        loop {
            let next = async {
                let order = take_order(&mut orders).await?;
                make_coffee(order).await;
                Some(())
            };
            tokio::pin!(next);
            let done = loop {
                select! {
                    done = &mut next => break done,
                    Some(()) = phone.recv() => answered += 1,
                }
            };
            if done.is_none() {
                return answered;
            }
        }
    }
}

mod wrong_goes_home_without_the_coffees {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut coffees = JoinSet::new();
        let mut answered = 0;
        loop {
            let next = take_order(&mut orders);
            tokio::pin!(next);
            let order = loop {
                select! {
                    order = &mut next => break order,
                    Some(()) = phone.recv() => answered += 1,
                }
            };
            let Some(order) = order else { return answered };
            coffees.spawn(make_coffee(order));
        }
    }
}

mod wrong_counts_no_ring {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut coffees = JoinSet::new();
        loop {
            let next = take_order(&mut orders);
            tokio::pin!(next);
            let order = loop {
                select! {
                    order = &mut next => break order,
                    Some(()) = phone.recv() => {}
                }
            };
            let Some(order) = order else { break };
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
        0
    }
}

mod wrong_asks_the_phone_every_millisecond {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut coffees = JoinSet::new();
        let mut answered = 0;
        loop {
            let next = take_order(&mut orders);
            tokio::pin!(next);
            let order = loop {
                if phone.try_recv().is_ok() {
                    answered += 1;
                }
                let soon = std::time::Duration::from_millis(1);
                if let Ok(order) = tokio::time::timeout(soon, &mut next).await {
                    break order;
                }
            };
            let Some(order) = order else { break };
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
        answered
    }
}

mod right_a_box_that_is_filled_again {
    use std::pin::Pin;

    type Next = Pin<Box<dyn Future<Output = (mpsc::Receiver<Order>, Option<Order>)>>>;

    async fn run_till(orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut coffees = JoinSet::new();
        let mut answered = 0;
        let mut next = take(orders);
        loop {
            select! {
                (orders, order) = &mut next => {
                    let Some(order) = order else { break };
                    coffees.spawn(make_coffee(order));
                    next = take(orders);
                }
                Some(()) = phone.recv() => answered += 1,
            }
        }
        coffees.join_all().await;
        answered
    }

    fn take(mut orders: mpsc::Receiver<Order>) -> Next {
        Box::pin(async move {
            let order = take_order(&mut orders).await;
            (orders, order)
        })
    }
}

mod right_a_task_for_the_till {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let (paid, mut is_paid) = mpsc::channel(1);
        tokio::spawn(async move {
            while let Some(order) = take_order(&mut orders).await {
                if paid.send(order).await.is_err() {
                    break;
                }
            }
        });
        let mut coffees = JoinSet::new();
        let mut answered = 0;
        loop {
            select! {
                order = is_paid.recv() => match order {
                    Some(order) => {
                        coffees.spawn(make_coffee(order));
                    }
                    None => break,
                },
                Some(()) = phone.recv() => answered += 1,
            }
        }
        coffees.join_all().await;
        answered
    }
}

mod right_two_futures_side_by_side {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let till = async {
            let mut coffees = JoinSet::new();
            while let Some(order) = take_order(&mut orders).await {
                coffees.spawn(make_coffee(order));
            }
            coffees.join_all().await;
        };
        let mut answered = 0;
        let desk = async {
            while phone.recv().await.is_some() {
                answered += 1;
            }
        };
        select! {
            () = till => {}
            () = desk => {}
        }
        answered
    }
}

mod right_the_order_outlives_the_payment {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut coffees = JoinSet::new();
        let mut answered = 0;
        loop {
            let order = loop {
                select! {
                    order = orders.recv() => break order,
                    Some(()) = phone.recv() => answered += 1,
                }
            };
            let Some(order) = order else { break };
            {
                let payment = order.pay_for_coffee();
                tokio::pin!(payment);
                loop {
                    select! {
                        () = &mut payment => break,
                        Some(()) = phone.recv() => answered += 1,
                    }
                }
            }
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
        answered
    }
}

mod wrong_the_payment_begins_again {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut coffees = JoinSet::new();
        let mut answered = 0;
        loop {
            let order = loop {
                select! {
                    order = orders.recv() => break order,
                    Some(()) = phone.recv() => answered += 1,
                }
            };
            let Some(order) = order else { break };
            loop {
                select! {
                    () = order.pay_for_coffee() => break,
                    Some(()) = phone.recv() => answered += 1,
                }
            }
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
        answered
    }
}

mod wrong_the_phone_first_and_then_the_till {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        let mut answered = 0;
        let mut coffees = JoinSet::new();
        loop {
            let patience = std::time::Duration::from_millis(100);
            while let Ok(Some(())) = tokio::time::timeout(patience, phone.recv()).await {
                answered += 1;
            }
            match take_order(&mut orders).await {
                Some(order) => {
                    coffees.spawn(make_coffee(order));
                }
                None => break,
            }
        }
        coffees.join_all().await;
        answered
    }
}

mod wrong_a_task_that_ends_with_the_phone {
    async fn run_till(mut orders: mpsc::Receiver<Order>, mut phone: mpsc::Receiver<()>) -> u32 {
        tokio::spawn(async move {
            while let Some(order) = take_order(&mut orders).await {
                tokio::spawn(make_coffee(order));
            }
        });
        let mut answered = 0;
        while phone.recv().await.is_some() {
            answered += 1;
        }
        answered
    }
}
