//! exercise: hello_async
//! tries: Traits that can only be solved by trying exponentially many ways.
//! must: The compiler gives up or is ended.
//! verdict: does_not_compile

pub struct S<T>(T);
pub struct L<T>(T);
pub struct R<T>(T);

pub trait Endless {}

impl<T> Endless for S<T>
where
    L<S<L<T>>>: Endless,
    R<S<R<T>>>: Endless,
{
}

impl<T: Endless> Endless for L<T> {}
impl<T: Endless> Endless for R<T> {}

fn needs<T: Endless>() {}

pub fn yield_now() {
    needs::<S<u8>>();
}
