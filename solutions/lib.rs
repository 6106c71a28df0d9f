//! The reference answers as one library.
//!
//! Only the compile-fail cases use it: they must not compile against a right
//! answer, and these are right. Everything else reads the files themselves.

#[path = "01_first_awaits/awaitable_order.rs"]
pub mod awaitable_order;
#[path = "07_streams/batched.rs"]
pub mod batched;
#[path = "08_async_generators/batches.rs"]
pub mod batches;
#[path = "03_event_loop/block_on.rs"]
pub mod block_on;
#[path = "02_futures_by_hand/coffee_state_machine.rs"]
pub mod coffee_state_machine;
#[path = "07_streams/consume.rs"]
pub mod consume;
#[path = "04_tasks_and_threads/cpu_offload.rs"]
pub mod cpu_offload;
#[path = "07_streams/data_stream.rs"]
pub mod data_stream;
#[path = "06_guards/db_connection.rs"]
pub mod db_connection;
#[path = "05_select_cancel_time/deadline_loop.rs"]
pub mod deadline_loop;
#[path = "01_first_awaits/four_patterns.rs"]
pub mod four_patterns;
#[path = "02_futures_by_hand/gather_by_hand.rs"]
pub mod gather_by_hand;
#[path = "01_first_awaits/gather_fetch.rs"]
pub mod gather_fetch;
#[path = "01_first_awaits/hello_async.rs"]
pub mod hello_async;
#[path = "02_futures_by_hand/join2.rs"]
pub mod join2;
#[path = "01_first_awaits/kitchen.rs"]
pub mod kitchen;
#[path = "04_tasks_and_threads/last_ticket.rs"]
pub mod last_ticket;
#[path = "01_first_awaits/lazy_recipe.rs"]
pub mod lazy_recipe;
#[path = "05_select_cancel_time/lines_in_select.rs"]
pub mod lines_in_select;
#[path = "02_futures_by_hand/race_and_deadline.rs"]
pub mod race_and_deadline;
#[path = "03_event_loop/ready_queue.rs"]
pub mod ready_queue;
#[path = "04_tasks_and_threads/send_or_local.rs"]
pub mod send_or_local;
#[path = "02_futures_by_hand/slot.rs"]
pub mod slot;
#[path = "04_tasks_and_threads/spawn_and_join.rs"]
pub mod spawn_and_join;
#[path = "03_event_loop/timers.rs"]
pub mod timers;
#[path = "02_futures_by_hand/yield_now.rs"]
pub mod yield_now;
