//! exercise: hello_async
//! tries: A macro that writes a hundred thousand errors, each quoting the whole file.
//! must: As many are kept as anybody would read.
//! verdict: does_not_compile

macro_rules! flood {
    () => {};
    ($a:tt $($rest:tt)*) => { compile_error!(concat!("BR", "EA", "D ", stringify!($($rest)*))); flood! { $($rest)* } };
}

flood! { a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r s t u v w x y z
a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f }

macro_rules! many {
    ($($a:tt)*) => { $( pub fn same() -> $a { stringify!($($a)*) } )* };
}

many! { A B C D E F G H I J K L M N O P Q R S T U V W X Y Z }
