import "./tokens.css";
import "./frame.css";
import "./table.css";
import "../print/print.css";
