Console.WriteLine("Realtime silo");
