mod wrong_waits_for_all {
    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Mutex::new(Vec::new());
        let coffees = table.iter().map(|order| make_coffee(order, &till, &receipts));
        let served = futures::future::join_all(coffees).await;
        let served: Result<Vec<()>, Declined> = served.into_iter().collect();
        if served.is_err() {
            for receipt in receipts.into_inner().expect("no friend panics") {
                till.refund(receipt);
            }
        }
        served.map(drop)
    }
}

mod wrong_no_refund {
    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Mutex::new(Vec::new());
        let coffees = table.iter().map(|order| make_coffee(order, &till, &receipts));
        try_join_all(coffees).await.map(drop)
    }
}

mod wrong_the_error_is_swallowed {
    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Mutex::new(Vec::new());
        let coffees = table.iter().map(|order| make_coffee(order, &till, &receipts));
        if try_join_all(coffees).await.is_err() {
            for receipt in receipts.into_inner().expect("no friend panics") {
                till.refund(receipt);
            }
        }
        Ok(())
    }
}

mod wrong_always_refunds {
    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Mutex::new(Vec::new());
        let coffees = table.iter().map(|order| make_coffee(order, &till, &receipts));
        let served = try_join_all(coffees).await;
        for receipt in receipts.into_inner().expect("no friend panics") {
            till.refund(receipt);
        }
        served.map(drop)
    }
}

mod wrong_join_instead_of_try_join {
    async fn make_coffee(
        order: &Order,
        till: &Till,
        receipts: &Mutex<Vec<Receipt>>,
    ) -> Result<(), Declined> {
        let (paid, (), ()) = join!(till.charge(order), order.make_espresso(), order.steam_milk());
        receipts.lock().expect("no friend panics").push(paid?);
        Ok(())
    }
}

mod wrong_pays_first {
    async fn make_coffee(
        order: &Order,
        till: &Till,
        receipts: &Mutex<Vec<Receipt>>,
    ) -> Result<(), Declined> {
        let receipt = till.charge(order).await?;
        receipts.lock().expect("no friend panics").push(receipt);
        join!(order.make_espresso(), order.steam_milk());
        Ok(())
    }
}

mod wrong_handles_are_dropped {
    use std::sync::Arc;

    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Arc::new(Mutex::new(Vec::new()));
        let coffees = table.into_iter().map(|order| {
            let (till, receipts) = (till.clone(), Arc::clone(&receipts));
            let coffee = tokio::spawn(async move { make_coffee(&order, &till, &receipts).await });
            async { coffee.await.expect("no coffee panics") }
        });
        let served = try_join_all(coffees).await;
        if served.is_err() {
            for receipt in receipts.lock().expect("no friend panics").drain(..) {
                till.refund(receipt);
            }
        }
        served.map(drop)
    }
}

mod wrong_the_receipt_is_kept_until_the_coffee_is_done {
    async fn make_coffee(
        order: &Order,
        till: &Till,
        receipts: &Mutex<Vec<Receipt>>,
    ) -> Result<(), Declined> {
        let brew = async {
            join!(order.make_espresso(), order.steam_milk());
            Ok(())
        };
        let (receipt, ()) = try_join!(till.charge(order), brew)?;
        receipts.lock().expect("no friend panics").push(receipt);
        Ok(())
    }
}

mod wrong_one_friend_after_another {
    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Mutex::new(Vec::new());
        let mut served = Ok(());
        for order in &table {
            served = make_coffee(order, &till, &receipts).await;
            if served.is_err() {
                break;
            }
        }
        if served.is_err() {
            for receipt in receipts.into_inner().expect("no friend panics") {
                till.refund(receipt);
            }
        }
        served
    }
}

mod wrong_only_the_friend_with_the_card_goes {
    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Mutex::new(Vec::new());
        let mut first = Ok(());
        let coffees = table.iter().map(|order| make_coffee(order, &till, &receipts));
        for served in futures::future::join_all(coffees).await {
            first = first.and(served);
        }
        first
    }
}

mod wrong_the_error_unwrapped {
    async fn make_coffee(
        order: &Order,
        till: &Till,
        receipts: &Mutex<Vec<Receipt>>,
    ) -> Result<(), Declined> {
        let pay = async {
            let receipt = till.charge(order).await.unwrap();
            receipts.lock().expect("no friend panics").push(receipt);
        };
        join!(pay, order.make_espresso(), order.steam_milk());
        Ok(())
    }
}

mod wrong_another_customer_is_named {
    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Mutex::new(Vec::new());
        let coffees = table.iter().map(|order| make_coffee(order, &till, &receipts));
        let served = try_join_all(coffees).await;
        if served.is_err() {
            for receipt in receipts.into_inner().expect("no friend panics") {
                till.refund(receipt);
            }
        }
        served.map(drop).map_err(|_| Declined { customer: table.len() as u32 })
    }
}

mod right_a_join_set {
    use std::sync::Arc;
    use tokio::task::JoinSet;

    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Arc::new(Mutex::new(Vec::new()));
        let mut coffees = JoinSet::new();
        for order in table {
            let (till, receipts) = (till.clone(), Arc::clone(&receipts));
            coffees.spawn(async move { make_coffee(&order, &till, &receipts).await });
        }
        while let Some(served) = coffees.join_next().await {
            if let Err(declined) = served.expect("no coffee panics") {
                coffees.shutdown().await;
                for receipt in receipts.lock().expect("no friend panics").drain(..) {
                    till.refund(receipt);
                }
                return Err(declined);
            }
        }
        Ok(())
    }
}

mod right_futures_unordered {
    use futures::stream::{FuturesUnordered, StreamExt};

    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Mutex::new(Vec::new());
        let mut coffees: FuturesUnordered<_> =
            table.iter().map(|order| make_coffee(order, &till, &receipts)).collect();
        let mut served = Ok(());
        while let Some(one) = coffees.next().await {
            served = one;
            if served.is_err() {
                break;
            }
        }
        drop(coffees);
        if served.is_err() {
            receipts
                .into_inner()
                .expect("no friend panics")
                .into_iter()
                .for_each(|r| till.refund(r));
        }
        served
    }
}

mod right_aborted_by_hand {
    use std::sync::Arc;

    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Arc::new(Mutex::new(Vec::new()));
        let spawn = |order: Order| {
            let (till, receipts) = (till.clone(), Arc::clone(&receipts));
            tokio::spawn(async move { make_coffee(&order, &till, &receipts).await })
        };
        let mut coffees: Vec<_> = table.into_iter().map(spawn).collect();
        let served = {
            let all = coffees.iter_mut().map(async |coffee| coffee.await.expect("no panic"));
            try_join_all(all).await
        };
        if served.is_err() {
            for coffee in &coffees {
                coffee.abort();
            }
            for coffee in coffees {
                if !coffee.is_finished() {
                    let _ = coffee.await;
                }
            }
            for receipt in receipts.lock().expect("no friend panics").drain(..) {
                till.refund(receipt);
            }
        }
        served.map(drop)
    }
}

mod right_receipts_through_a_channel {
    use tokio::sync::mpsc;

    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let (desk, mut paid) = mpsc::channel(table.len());
        let coffees = table.iter().map(async |order| {
            let pay = async {
                let receipt = till.charge(order).await?;
                let _ = desk.try_send(receipt);
                Ok(())
            };
            let brew = async {
                join!(order.make_espresso(), order.steam_milk());
                Ok(())
            };
            try_join!(pay, brew)
        });
        let served = try_join_all(coffees).await;
        if served.is_err() {
            while let Ok(receipt) = paid.try_recv() {
                till.refund(receipt);
            }
        }
        served.map(drop)
    }
}

mod wrong_the_money_goes_back_later {
    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Mutex::new(Vec::new());
        let coffees = table.iter().map(|order| make_coffee(order, &till, &receipts));
        let served = try_join_all(coffees).await;
        if served.is_err() {
            let receipts = receipts.into_inner().expect("no friend panics");
            tokio::spawn(async move {
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                receipts.into_iter().for_each(|receipt| till.refund(receipt));
            });
        }
        served.map(drop)
    }
}

mod wrong_pays_past_the_till {
    async fn make_coffee(order: &Order, _: &Till, _: &Mutex<Vec<Receipt>>) -> Result<(), Declined> {
        join!(order.pay_for_coffee(), order.make_espresso(), order.steam_milk());
        Ok(())
    }
}

mod wrong_tries_the_card_again {
    async fn make_coffee(
        order: &Order,
        till: &Till,
        receipts: &Mutex<Vec<Receipt>>,
    ) -> Result<(), Declined> {
        let pay = async {
            let receipt = match till.charge(order).await {
                Ok(receipt) => receipt,
                Err(_) => till.charge(order).await?,
            };
            receipts.lock().expect("no friend panics").push(receipt);
            Ok(())
        };
        let brew = async {
            join!(order.make_espresso(), order.steam_milk());
            Ok(())
        };
        try_join!(pay, brew)?;
        Ok(())
    }
}

mod wrong_only_the_first_receipt_goes_back {
    async fn serve(table: Vec<Order>, till: Till) -> Result<(), Declined> {
        let receipts = Mutex::new(Vec::new());
        let coffees = table.iter().map(|order| make_coffee(order, &till, &receipts));
        let served = try_join_all(coffees).await;
        if served.is_err() {
            let receipts = receipts.into_inner().expect("no friend panics");
            if let Some(receipt) = receipts.into_iter().next() {
                till.refund(receipt);
            }
        }
        served.map(drop)
    }
}
