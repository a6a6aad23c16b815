using Realtime.Silo.Import;

const string Usage = """
    usage: silo import santefr FILE [--dry-run]    import opening hours and positions as Santé.fr publishes them

    One process that is silo, API and pages together is the web project: dotnet run --project web
    """;

switch (args)
{
    case ["import", .. var words]:
        return await new ImportCommand(EmbeddedStore.Open, Console.Out, Console.Error, isTerminal: !Console.IsErrorRedirected).Run(words);
    case ["-h" or "--help" or "help"]:
        Console.WriteLine(Usage);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
