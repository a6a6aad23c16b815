Console.WriteLine("hello " + DateTime.Now + string.Join(' ', args));
